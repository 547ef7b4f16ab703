import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckResult, Computing, LaunchOptions, Task, TaskEvent } from '@stele/sdk/api';
import type { SiteFile } from '../../core/server/src/site/index.ts';
import { type ApiClient, eventually, inOrder, Platform, skip } from '../e2e/lib/index.ts';
import { taskImage } from '../engines/bed.ts';
import { Bucket } from '../storage/bucket.ts';
import { type Bed, needBed } from './lib/bed.ts';
import { kept, makeVolumes, stageConf } from './lib/volumes.ts';

/** Keeps what was brought, and serves it: what a task of any image can do. */
const SCRIPT =
  'cp -r "$STAGE_FOLDER/in/survey" "$STAGE_FOLDER/out/"; exec httpd -f -p 8080 -h "$STAGE_FOLDER/in/survey"';
const { registry, tag, repository: image } = taskImage;

const site: SiteFile = {
  plugins: { ...Bucket.plugins, 'engine-podman': { enabled: false }, 'engine-docker': { enabled: false } },
  resources: { software: [{ name: 'Page', image, registry, tag, port: 8080, protocol: 'http', env: { SCRIPT } }] },
};

describe('the line by API: Kubernetes', function () {
  this.timeout(120_000);
  inOrder();
  let bed: Bed;
  let platform: Platform;
  let api: ApiClient;
  let id = '';
  let task: Task;
  let bucket: Bucket;
  const owned = new AsyncDisposableStack();

  before(async function () {
    bed = await needBed(this);
    const store = await Bucket.open();
    if (typeof store === 'string') return skip(this, store);
    bucket = owned.use(store);
    owned.use(await makeVolumes(bed, 1));
    platform = owned.use(await Platform.start({ site }));
    api = await platform.logIn();
  });
  after(() => owned.disposeAsync());

  const conf = async (name: 'token' | 'stranger') => ({
    ...{ kubeconfig: await bed.kubeconfig(name), namespace: 'of-$USER', makeNamespaces: true },
    ...{ memory: 32 * 1024 ** 2, cpus: 0.1, grace: 2, ...stageConf },
  });

  it('makes the resource, whose kubeconfig is never shown again', async () => {
    const wish = {
      ...{ name: 'Pods', driver: 'kubernetes', access: 'api', auth: 'platform-certificate' },
      ...{ owner: { kind: 'platform' }, accessConf: {}, conf: await conf('token') },
    };
    const made = await api.must<Computing>('POST', '/computing', wish);
    id = made.id;
    const shown = await api.must<Computing>('GET', `/computing/${id}`);
    for (const view of [made, shown]) assert(!JSON.stringify(view).includes('st3le-t0ken'));
    assert.deepEqual(shown.secrets, ['conf.kubeconfig']);
  });

  it('checks it, and says what is wrong with a certificate', async () => {
    const check = () => api.must<CheckResult>('POST', `/computing/${id}/check`);
    const fine = await check();
    assert.equal(fine.ok, true, fine.reason);
    assert(fine.facts.some(({ label, value }) => label === 'Kubernetes' && value.startsWith('v1.20')));
    await api.must('PATCH', `/computing/${id}`, { conf: await conf('stranger') });
    const wrong = await check();
    assert.deepEqual([wrong.ok, wrong.code], [false, 'DENIED']);
    await api.must('PATCH', `/computing/${id}`, { conf: await conf('token') });
    assert.equal((await check()).ok, true);
  });

  it('launches there with files of a bucket, and shows one through the gateway', async () => {
    const staging = await bucket.add(api);
    const offer = await api.must<LaunchOptions>('GET', `/computing/${id}/options`);
    assert.deepEqual([offer.staging.workspaces, offer.staging.reason], [[], undefined]);
    const { id: started } = await api.launch('Page', { staging }, 'Pods');
    await api.ready(started);
    task = await api.task(started);
    using visitor = await api.enter(task.id);
    assert.equal(await visitor.text('/notes.txt'), 'from the store');
    assert.deepEqual([task.staging?.folder, task.staging?.in?.files, task.staging?.in?.bytes], ['/stage', 2, 22]);
    const { items } = await api.must<{ items: TaskEvent[] }>('GET', `/tasks/${task.id}/events`);
    // The bed has no DNS, which the node says at some time.
    const reasons = items.map(({ reason }) => reason).filter((reason) => reason !== 'MissingClusterDNS');
    assert.deepEqual(reasons.slice(0, 2), ['Scheduled', 'Pulled'], reasons.join());
  });

  it('finds the task again when it was killed', async () => {
    await platform.kill();
    await platform.start();
    api = await platform.logIn();
    const { id: found } = await api.ready(task.id);
    using visitor = await api.enter(found);
    assert.equal(await visitor.text('/notes.txt'), 'from the store');
  });

  it('brings back what it has left, while it runs', async () => {
    await api.must('POST', `/tasks/${task.id}/bring-back`);
    const isBack = async (): Promise<boolean> => (await api.task(task.id)).staging?.out?.at !== undefined;
    await eventually('the results are back', isBack, 30_000);
    assert.deepEqual(await bucket.results(), ['survey/deep/er/points.csv', 'survey/notes.txt']);
    assert.equal((await api.task(task.id)).phase, 'running');
  });

  it('stops it, and leaves nothing in the cluster and no secret in the log', async () => {
    const ended = await api.stop(task.id);
    assert.equal(ended.outcome, 'cancelled');
    const isBack = async (): Promise<boolean> => (await api.task(task.id)).staging?.out?.state === 'done';
    await eventually('the results are back', isBack, 60_000);
    await api.must('DELETE', `/tasks/${task.id}`);
    const objects = ['get', 'pods,secrets,networkpolicies', '--all-namespaces', '--selector=stele.task'];
    const isGone = async () =>
      (await bed.kubectl(...objects, `--selector=stele.task=${task.key}`, '--output=name')) === '';
    await eventually('nothing of it is left', isGone, 30_000);
    await eventually('nothing is kept', async () => (await kept(bed, task.key)) === '', 30_000);
    const log = await readFile(join(platform.yard.data, 'stele.log'), 'utf8');
    assert(!log.includes('st3le-t0ken'));
  });
});
