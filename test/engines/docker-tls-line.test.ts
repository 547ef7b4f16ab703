import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckResult, Computing, Task } from '@stele/sdk/api';
import type { SiteFile } from '../../core/server/src/site/index.ts';
import { bringUp, importTask, taskImage } from './bed.ts';
import { accessConf, dockerHost, dockerOnHost, pemOf } from './tls-world.ts';
import { type ApiClient, inOrder, Platform, skip } from '../e2e/lib/index.ts';

/** A page, and what a task of any image has to do to serve one. */
const SCRIPT = 'mkdir /tmp/page; echo "far away" >/tmp/page/index.html; exec httpd -f -p 8080 -h /tmp/page';

const site: SiteFile = {
  // Its hosts are reached by TLS alone, and run no commands.
  plugins: { 'engine-podman': { enabled: false }, 'engine-docker': { enabled: false } },
  resources: {
    software: [
      { name: 'Page', image: taskImage.repository, ...named(), port: 8080, protocol: 'http', env: { SCRIPT } },
    ],
  },
};

function named(): { registry: string; tag: string } {
  const { registry, tag } = taskImage;
  return { registry, tag };
}

describe('the line by API: Docker on another host, by TLS', function () {
  this.timeout(60_000);
  inOrder();
  let platform: Platform;
  let api: ApiClient;
  let id = '';
  let task: Task;

  before(async function () {
    this.timeout(600_000);
    const why = await bringUp('docker-tls');
    if (why !== undefined) return skip(this, why);
    await importTask(dockerOnHost());
    platform = await Platform.start({ site });
    api = await platform.logIn();
  });
  after(() => platform?.[Symbol.asyncDispose]());

  it('makes the resource, whose key is never shown again', async () => {
    const wish = {
      ...{ name: 'Far', driver: 'standalone', access: 'tls', auth: 'platform-certificate' },
      ...{ owner: { kind: 'platform' }, accessConf: await accessConf(), conf: { publish: dockerHost() } },
    };
    const made = await api.must<Computing>('POST', '/computing', wish);
    id = made.id;
    const shown = await api.must<Computing>('GET', `/computing/${id}`);
    for (const view of [made, shown]) assert(!JSON.stringify(view).includes('PRIVATE KEY'));
    assert.equal(shown.accessConf['host'], dockerHost());
  });

  it('checks it, and says what is wrong with a certificate', async () => {
    const check = () => api.must<CheckResult>('POST', `/computing/${id}/check`);
    const fine = await check();
    assert.equal(fine.ok, true, fine.reason);
    assert(
      fine.facts.some(({ value }) => value.startsWith('Docker 20.10')),
      JSON.stringify(fine.facts),
    );
    const put = async (certificate: string, key: string) =>
      api.must('PATCH', `/computing/${id}`, {
        accessConf: { ...(await accessConf()), certificate: await pemOf(certificate), key: await pemOf(key) },
      });
    await put('stranger.pem', 'stranger.key');
    const wrong = await check();
    assert.deepEqual([wrong.ok, wrong.code, wrong.field], [false, 'DENIED', 'accessConf.certificate']);
    await put('client.pem', 'client.key');
    assert.equal((await check()).ok, true);
  });

  it('launches there, and shows the page through the gateway', async () => {
    const { id: started } = await api.launch('Page', {}, 'Far');
    task = await api.ready(started);
    assert.equal(task.engine?.id, 'docker-api');
    using visitor = await api.enter(task.id);
    assert.equal(await visitor.text('/'), 'far away\n');
  });

  it('finds the task again when it was killed', async () => {
    await platform.kill();
    await platform.start();
    api = await platform.logIn();
    const { id: found } = await api.ready(task.id);
    using visitor = await api.enter(found);
    assert.equal(await visitor.text('/'), 'far away\n');
  });

  it('stops it, and leaves neither a container nor a key in the log', async () => {
    const ended = await api.stop(task.id);
    assert.equal(ended.outcome, 'cancelled');
    await api.must('DELETE', `/tasks/${task.id}`);
    const log = await readFile(join(platform.yard.data, 'stele.log'), 'utf8');
    const [, secret = ''] = (await pemOf('client.key')).split('\n');
    assert(secret.length > 20 && !log.includes(secret));
  });
});
