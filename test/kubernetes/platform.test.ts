import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckResult, Computing, Task, TaskEvent } from '@stele/sdk/api';
import type { SiteFile } from '../../core/server/src/site/index.ts';
import { type ApiClient, inOrder, Platform } from '../e2e/lib/index.ts';
import { taskImage } from '../engines/bed.ts';
import { type Bed, needBed } from './lib/bed.ts';

/** A page, and what a task of any image has to do to serve one. */
const SCRIPT = 'mkdir /tmp/page; echo "in a pod" >/tmp/page/index.html; exec httpd -f -p 8080 -h /tmp/page';
const { registry, tag, repository: image } = taskImage;

const site: SiteFile = {
  plugins: { 'engine-podman': { enabled: false }, 'engine-docker': { enabled: false } },
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

  before(async function () {
    bed = await needBed(this);
    platform = await Platform.start({ site });
    api = await platform.logIn();
  });
  after(() => platform?.[Symbol.asyncDispose]());

  const conf = async (name: 'token' | 'stranger') => ({
    ...{ kubeconfig: await bed.kubeconfig(name), namespace: 'of-$USER', makeNamespaces: true },
    ...{ memory: 32 * 1024 ** 2, cpus: 0.1, grace: 2 },
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

  it('launches there, and shows the page through the gateway', async () => {
    const { id: started } = await api.launch('Page', {}, 'Pods');
    task = await api.ready(started);
    using visitor = await api.enter(task.id);
    assert.equal(await visitor.text('/'), 'in a pod\n');
    const { items } = await api.must<{ items: TaskEvent[] }>('GET', `/tasks/${task.id}/events`);
    const reasons = items.map(({ reason }) => reason);
    assert.deepEqual(reasons.slice(0, 2), ['Scheduled', 'Pulled'], reasons.join());
  });

  it('finds the task again when it was killed', async () => {
    await platform.kill();
    await platform.start();
    api = await platform.logIn();
    const { id: found } = await api.ready(task.id);
    using visitor = await api.enter(found);
    assert.equal(await visitor.text('/'), 'in a pod\n');
  });

  it('stops it, and leaves nothing in the cluster and no secret in the log', async () => {
    const ended = await api.stop(task.id);
    assert.equal(ended.outcome, 'cancelled');
    await api.must('DELETE', `/tasks/${task.id}`);
    const objects = ['get', 'pods,secrets,networkpolicies', '--all-namespaces', '--selector=stele.task'];
    assert.equal(await bed.kubectl(...objects, `--selector=stele.task=${task.key}`, '--output=name'), '');
    const log = await readFile(join(platform.yard.data, 'stele.log'), 'utf8');
    assert(!log.includes('st3le-t0ken'));
  });
});
