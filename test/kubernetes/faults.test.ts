import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, messageOf } from '@stele/sdk';
import { eventually, rejectsWith } from '@stele/sdk/testing';
import { type Bed, needBed } from './lib/bed.ts';
import { FaultyApi } from './lib/faulty-api.ts';
import { forever, Tasks } from './lib/tasks.ts';
import { apiResource, Stage } from './lib/world.ts';

describe('faults of a Kubernetes cluster', function () {
  this.timeout(180_000);
  let bed: Bed;

  before(async function () {
    bed = await needBed(this);
  });

  const conf = { makeNamespaces: true };
  const tasksBehind = async (faulty: FaultyApi): Promise<Tasks> =>
    new Tasks(apiResource(await faulty.kubeconfig(bed), conf));
  const watches = ({ asked }: FaultyApi): number => asked.filter((line) => line.includes('watch=true')).length;
  const lists = ({ asked }: FaultyApi): number =>
    asked.filter((line) => /GET \/api\/v1\/namespaces\/\w+\/pods\?.*limit=/.test(line)).length;

  it('an API server that is restarted: running tasks go on, and are seen again', async () => {
    await using own = new Tasks(apiResource(await bed.kubeconfig('token'), conf));
    const lives = await own.submit(forever);
    const ends = await own.submit('sleep 6; exit 3');
    await own.until(ends, 'running');
    await bed.tell('crash-api');
    await sleep(1_000);
    await rejectsWith('UNREACHABLE', own.stage.driver.observe(own.resource, [lives], own.call()));
    await sleep(4_000);
    await bed.tell('start-api');
    const { outcome, exitCode } = await own.until(ends, 'ended');
    assert.deepEqual([outcome, exitCode], ['failed', 3]);
    assert.equal((await own.see(lives)).phase, 'running');
  });

  it('a watch that is cut again and again goes on where it was', async () => {
    await using faulty = await FaultyApi.open(bed);
    await using own = await tasksBehind(faulty);
    const task = await own.submit('sleep 3');
    for (let times = 0; times < 4; times += 1) {
      faulty.cut();
      await sleep(400);
    }
    assert.equal((await own.until(task, 'ended')).outcome, 'completed');
    assert.equal(lists(faulty), 1, 'nothing was listed anew');
  });

  it('a version that isn’t remembered any more (410): all is listed anew', async () => {
    await using faulty = await FaultyApi.open(bed);
    await using own = await tasksBehind(faulty);
    const task = await own.submit(forever);
    await own.until(task, 'running');
    const before = lists(faulty);
    let expired = 0;
    faulty.fault = ({ url = '' }) =>
      url.includes('watch=true') && expired++ === 0 ? { status: 410, reason: 'Expired' } : undefined;
    faulty.cut();
    await bed.kubectl('delete', 'pod', '--namespace=tasks', `stele-${task.key}`, '--force', '--grace-period=0');
    const { reason } = await own.until(task, 'ended');
    assert.match(reason ?? '', /outside of Stele/, 'what went while nobody looked is told from the list');
    assert.equal(lists(faulty), before + 1);
  });

  it('an API that has too much to do, or breaks off in mid-answer: each task is made once', async () => {
    await using faulty = await FaultyApi.open(bed);
    await using own = await tasksBehind(faulty);
    let posts = 0;
    faulty.fault = ({ method, url = '' }) => {
      if (method !== 'POST' || !url.endsWith('/pods')) return undefined;
      posts += 1;
      return posts === 1 ? { status: 429, headers: { 'retry-after': '1' } } : posts === 2 ? { status: 500 } : undefined;
    };
    const task = await own.submit('echo once');
    assert.equal(posts, 3);
    await own.until(task, 'ended');
    assert.equal(await own.log(task), 'once\n');
  });

  it('an answer that is lost: what it was about is found, and not made again', async () => {
    await using faulty = await FaultyApi.open(bed);
    await using own = await tasksBehind(faulty);
    const lost = new Set<string>();
    faulty.afterwards = ({ method, url = '' }) => method === 'POST' && !lost.has(url) && Boolean(lost.add(url));
    const task = await own.submit('echo once');
    assert.equal(lost.size, 3, 'of a secret, a policy and a pod');
    await own.until(task, 'ended');
    assert.equal(await own.log(task), 'once\n');
  });

  it('an API that takes five seconds for everything is waited for', async () => {
    await using faulty = await FaultyApi.open(bed);
    await using own = await tasksBehind(faulty);
    faulty.fault = () => ({ delay: 5_000 });
    const task = await own.submit('true');
    await own.until(task, 'ended', 90_000);
    faulty.fault = () => undefined;
  });

  it('an API that is away: no task changes, and the error says so', async () => {
    await using faulty = await FaultyApi.open(bed);
    await using own = await tasksBehind(faulty);
    const task = await own.submit(forever);
    await own.until(task, 'running');
    faulty.fault = () => 'reset';
    faulty.cut();
    const look = (): Promise<unknown> => own.see(task).catch((error: unknown) => error);
    await eventually('the cluster is away', async () => hasCode(await look(), 'UNREACHABLE'));
    assert.match(messageOf(await look()), /127\.0\.0\.1:\d+/);
    await sleep(3_000);
    const before = watches(faulty);
    faulty.fault = () => undefined;
    await own.until(task, 'running', 20_000);
    assert(watches(faulty) > before, 'the watch is there again');
  });

  it('a platform that is killed finds its task again, by its key alone', async () => {
    const resource = apiResource(await bed.kubeconfig('token'), conf);
    await using own = new Tasks(resource);
    const { ref, ...lost } = await own.submit(forever);
    await using next = new Stage();
    const seen = await next.driver.observe(resource, [lost], own.call());
    assert.equal((seen.get(lost.key) as { ref?: string }).ref, ref);
  });

  it('a node that falls silent: its task is unknown, then given up; one that comes back in time goes on', async () => {
    await using own = new Tasks(apiResource(await bed.kubeconfig('token'), conf));
    const patient = { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' };
    await using held = new Tasks(
      apiResource(await bed.kubeconfig('token'), { ...conf, tolerations: [patient] }),
      new Stage(),
    );
    const [given, kept] = [await own.submit(forever), await held.submit(forever)];
    await Promise.all([own.until(given, 'running'), held.until(kept, 'running')]);
    await bed.tell('node-stop');
    try {
      const { reason } = await held.until(kept, 'unknown', 60_000);
      assert.match(reason ?? '', /node1.*doesn’t answer/);
      // As a cluster does it after some minutes; one whose nodes are all silent gives nothing up by itself.
      await bed.kubectl('delete', 'pod', '--namespace=tasks', `stele-${given.key}`, '--wait=false');
      assert.equal((await own.until(given, 'ended', 60_000)).outcome, 'node-failed');
    } finally {
      await bed.tell('node-start');
    }
    await held.until(kept, 'running', 60_000);
  });

  for (const [who, code, says] of [
    ['wrong', 'DENIED', /doesn’t take the platform’s credentials/],
    ['nobody', 'DENIED', /doesn’t allow this/],
    ['expired', 'DENIED', /has expired/],
    ['stranger', 'DENIED', /refuses the certificate|doesn’t take/],
  ] as const) {
    it(`an account that is ${who} is told why it is refused`, async () => {
      await using own = new Tasks(apiResource(await bed.kubeconfig(who), { namespace: 'default' }));
      const error = await rejectsWith(
        code,
        own.stage.driver.observe(own.resource, [{ key: 'a'.repeat(16), who: { kind: 'platform' } }], own.call()),
      );
      assert.match(error.message, says);
    });
  }

  it('a server that shows another authority’s certificate is not spoken to', async () => {
    const other = (await readFile(join(bed.folder, 'pki/other.crt'))).toString('base64');
    const kubeconfig = (await bed.kubeconfig('token')).replace(
      /certificate-authority-data: .*/,
      `certificate-authority-data: ${other}`,
    );
    await using own = new Tasks(apiResource(kubeconfig));
    const error = await rejectsWith('INVALID', own.stage.driver.describe(own.resource, own.call()), 'conf.kubeconfig');
    assert.match(error.message, /didn’t sign/);
  });

  it('a token that ends while a task runs is replaced by the command that got it', async () => {
    const folder = await mkdtemp('/tmp/stele-kube-');
    await using faulty = await FaultyApi.open(bed);
    const login = join(folder, 'log-in');
    const print = `echo "{\\"status\\":{\\"token\\":\\"$(cat ${folder}/token)\\"}}"`;
    await writeFile(login, `#!/bin/sh\n${print}\n`, { mode: 0o700 });
    await writeFile(join(folder, 'token'), 'st3le-t0ken');
    const exec = `exec: { apiVersion: client.authentication.k8s.io/v1, command: ${login} }`;
    const kubeconfig = (await faulty.kubeconfig(bed)).replace(/token: .*/, exec);
    await using own = new Tasks(apiResource(kubeconfig, conf), new Stage([login]));
    const task = await own.submit(forever);
    await own.until(task, 'running');
    await sleep(5_500);
    faulty.fault = ({ headers }) => (headers.authorization === 'Bearer st3le-t0ken' ? { status: 401 } : undefined);
    faulty.cut();
    await writeFile(join(folder, 'token'), 'adm1n-t0ken');
    await own.cancel(task);
    await own.until(task, 'ended');
    await rm(folder, { recursive: true });
  });

  it('a task that is stopped by two at once, and again after its end, ends once', async () => {
    await using own = new Tasks(apiResource(await bed.kubeconfig('token'), conf));
    const task = await own.submit(forever);
    await own.until(task, 'running');
    await Promise.all([own.cancel(task), own.cancel(task)]);
    await own.until(task, 'ended');
    await own.cancel(task);
    await eventually('the end stays', async () => (await own.see(task)).phase === 'ended');
  });
});
