import assert from 'node:assert/strict';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { KeyItem, RemoteAccountItem, Task } from '@stele/sdk/api';
import { settlesWithin } from '@stele/sdk/testing';
import { type ApiClient, eventually, inOrder, Platform, skip, type TaskVisitor } from '../../e2e/lib/index.ts';
import type { Cluster } from '../lib/cluster.ts';
import { ClusterStage } from '../lib/cluster-stage.ts';
import { cutLogIns } from '../lib/log-ins.ts';
import type { Site } from '../lib/site.ts';
import { writtenDown } from '../lib/written-down.ts';

const user = 'alice';

describe('a task on a cluster whose login node is in trouble, as its user sees it', function () {
  this.timeout(120_000);
  inOrder();
  const owned = new AsyncDisposableStack();
  let stage: ClusterStage;
  let site: Site;
  let api: ApiClient;
  let cluster: Cluster;
  let task: Task;
  let visitor: TaskVisitor;

  before(async function () {
    this.timeout(900_000);
    const opened = await ClusterStage.open({ suite: 'trixie', user });
    if (typeof opened === 'string') return skip(this, opened);
    stage = owned.use(opened);
    ({ site } = stage);
    const platform = owned.use(await Platform.start({ site: stage.siteFile }));
    api = await platform.logIn();
    cluster = await stage.addCluster(api);
    await stage.addEcho(api);
    const options = { partition: 'debug', cpus: 1, memory: 256 * 1024 ** 2, time: 600 };
    task = await api.launch('Echo', { name: 'On the cluster', options }, 'Cluster');
    await api.until(task.id, 'ready', ({ ready }) => ready, 240_000);
    await writtenDown(site, user);
    visitor = owned.use(await api.enter(task.id));
  });

  after(async function () {
    this.timeout(120_000);
    if (task !== undefined) await end();
    await owned.disposeAsync();
  });

  const end = async (): Promise<void> => {
    await api.stop(task.id);
    await api.must('DELETE', `/tasks/${task.id}`);
    await stage.demandNothingLeft();
  };
  const status = async (): Promise<number> => {
    const answer = await visitor.request('/');
    answer.resume();
    return answer.statusCode ?? 0;
  };
  const isBack = async (): Promise<void> => {
    let said = '';
    const answers = async () => {
      const answer = await visitor.request('/');
      said = await text(answer);
      return answer.statusCode === 200;
    };
    await eventually(() => `the page answers again (${said.slice(0, 1_000)})`, answers, 60_000);
  };
  const check = (): Promise<RemoteAccountItem> => api.must('POST', `/accounts/${cluster.computing}/check`);
  const keys = (): Promise<readonly KeyItem[]> => api.items<KeyItem>('/keys');
  const isRunning = async (): Promise<void> => assert.equal((await api.task(task.id)).phase, 'running');

  it('says so while the login node is away, cuts who is inside, and goes on once it is back', async () => {
    const socket = await visitor.socket('/ws');
    const closed = once(socket, 'close');
    await site.crash('login');
    try {
      await settlesWithin(10_000, 'the news', closed);
      const answer = await visitor.text('/', { headers: { Accept: 'text/html' } });
      assert.match(answer, /can’t be reached|not answer|try again/i);
      assert((await status()) >= 500);
      await isRunning();
    } finally {
      await site.boot('login');
    }
    await isBack();
    const again = await visitor.socket('/ws');
    again.close();
    await isRunning();
  });

  it('stays within reach while its key is replaced, and the check says whether the new line is missing', async () => {
    const [old] = await keys();
    const fresh = await api.must<KeyItem>('POST', '/keys/rotate');
    await cutLogIns(site, user);
    await isBack();
    const missing = await check();
    assert.deepEqual([missing.state, missing.line], ['replacing', fresh.publicKey], JSON.stringify(missing));
    await site.authorize(user, fresh.publicKey);
    assert.equal((await check()).state, 'ok');
    await api.must('DELETE', '/keys/previous');
    await site.deauthorize(user, old?.publicKey ?? '');
    await cutLogIns(site, user);
    await isBack();
    await isRunning();
  });

  it('says what to do when the key is taken away, and goes on once it is back', async () => {
    const publicKey = (await keys())[0]?.publicKey ?? '';
    await site.deauthorize(user, publicKey);
    await cutLogIns(site, user);
    try {
      assert((await status()) >= 500);
      const refused = await check();
      assert.deepEqual([refused.state, refused.line], ['failing', publicKey], JSON.stringify(refused));
      await isRunning();
    } finally {
      await site.authorize(user, publicKey);
    }
    assert.equal((await check()).state, 'ok');
    await isBack();
  });

  it('says that the login node shows another key, and goes on once it shows the right one', async () => {
    await site.changeHostKey('login');
    await cutLogIns(site, user);
    try {
      assert((await status()) >= 500);
      const refused = await check();
      assert.match(refused.reason ?? '', /another host key/);
      assert.match(refused.missing ?? '', /looks after/);
      await isRunning();
    } finally {
      await site.restoreHostKey('login');
    }
    await isBack();
  });
});
