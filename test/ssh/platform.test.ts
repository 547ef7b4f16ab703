import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { CheckResult, Computing, KeyItem, Software, Task } from '@stele/sdk/api';
import {
  type ApiClient,
  containerOf,
  Engine,
  eventually,
  inOrder,
  Platform,
  skip,
  type TaskVisitor,
} from '../e2e/lib/index.ts';
import { Bucket } from '../storage/bucket.ts';
import { noSshd, setEnv, Sshd } from './sshd.ts';

/** Who may use the engine's bed. */
const username = 'root';

describe('a platform with a single host by SSH', function () {
  this.timeout(60_000);
  inOrder();
  const owned = new AsyncDisposableStack();
  let engine: Engine;
  let sshd: Sshd;
  let platform: Platform;
  let api: ApiClient;
  let task: Task;
  let bucket: Bucket;

  before(async function () {
    this.timeout(600_000);
    const why = await noSshd();
    if (why !== undefined) return skip(this, why);
    engine = await Engine.openPodmanBed('web-echo');
    const variables = Object.entries(engine.environment).filter(([name]) => name.startsWith('CONTAINERS_'));
    sshd = owned.use(await Sshd.start(setEnv(Object.fromEntries(variables))));
    const store = await Bucket.open();
    if (typeof store === 'string') return skip(this, store);
    bucket = owned.use(store);
    platform = owned.use(await Platform.start({ site: { plugins: Bucket.plugins } }));
    api = await platform.logIn();
  });
  after(async function () {
    if (task !== undefined) await engine.remove([containerOf(task.key)]);
    await owned.disposeAsync();
  });

  const answers = async (visitor: TaskVisitor): Promise<void> => {
    let said = '';
    const isThere = async () => {
      const answer = await visitor.request('/');
      said = await text(answer);
      return answer.statusCode === 200;
    };
    await eventually(() => `the task answers (${said.slice(0, 1_000)})`, isThere, 30_000);
  };

  it('is set up with the platform’s key', async () => {
    const accessConf = { host: '127.0.0.1', port: sshd.port, user: username, hostKeys: [await sshd.text('host.pub')] };
    const { id } = await api.must<Computing>('POST', '/computing', {
      ...{ name: 'Workstation', driver: 'standalone', access: 'ssh', auth: 'platform-keys', accessConf },
      owner: { kind: 'platform' },
    });
    const key = await api.must<KeyItem>('POST', '/platform-key');
    const refused = await api.must<CheckResult>('POST', `/computing/${id}/check`);
    assert.deepEqual([refused.ok, refused.code], [false, 'DENIED']);
    await writeFile(join(sshd.folder, 'keys', username), `${key.publicKey}\n`);
    const { ok, facts, reason } = await api.must<CheckResult>('POST', `/computing/${id}/check`);
    assert(ok, reason);
    assert(facts.some(({ label }) => label === 'Podman'));
    await api.must('POST', '/storages', {
      ...{ name: 'Files there', backend: 'posix', access: 'computing', auth: 'platform-keys', computing: id },
      ...{ conf: { base: join(sshd.folder, 'work-$USER'), bind: '/work' }, owner: { kind: 'platform' } },
    });
  });

  it('runs a task there, and leads to it', async () => {
    await api.must<Software>('POST', '/software', {
      ...{ name: 'Echo', registry: 'localhost', image: 'stele/web-echo', tag: '1', port: 8080, protocol: 'http' },
      flags: { customPort: false, interfaceAuth: false, fixedUser: false },
    });
    const staging = await bucket.add(api);
    task = await api.launch('Echo', { name: 'On the workstation', staging }, 'Workstation');
    await api.ready(task.id);
    using visitor = await api.enter(task.id);
    await answers(visitor);
  });

  it('has brought it files of a bucket by SFTP', async () => {
    const script = 'cd "$STAGE_FOLDER" && cat in/survey/notes.txt && cp -r in/survey out/';
    assert.equal(await engine.run('exec', containerOf(task.key), 'sh', '-c', script), 'from the store');
  });

  it('finds it again after it was killed, and after the host’s SSH server was', async () => {
    await platform.kill();
    await platform.start();
    api = await platform.logIn();
    await api.ready(task.id);
    using visitor = await api.enter(task.id);
    await answers(visitor);
    await sshd.down();
    assert((await visitor.request('/')).statusCode! >= 500);
    await sshd.up();
    await answers(visitor);
    assert.equal((await api.task(task.id)).phase, 'running');
  });

  it('stops it, and leaves nothing', async () => {
    assert.equal((await api.stop(task.id)).outcome, 'cancelled');
    const isBack = async () => (await api.task(task.id)).staging?.out?.state === 'done';
    await eventually('its results are back', isBack, 30_000);
    assert.deepEqual(await bucket.results(), ['survey/deep/er/points.csv', 'survey/notes.txt']);
    await api.must('DELETE', `/tasks/${task.id}`);
    await eventually('its container is gone', async () => !(await engine.exists(containerOf(task.key))), 30_000);
  });
});
