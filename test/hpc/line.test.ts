import assert from 'node:assert/strict';
import type { LaunchOptions, Task, TaskEvent } from '@stele/sdk/api';
import { type ApiClient, eventually, inOrder, Platform, skip } from '../e2e/lib/index.ts';
import { Bucket } from '../storage/bucket.ts';
import type { Cluster } from './lib/cluster.ts';
import { ClusterStage } from './lib/cluster-stage.ts';
import type { Site, Suite } from './lib/site.ts';
import { type Transport, transportConf } from './lib/slurm-world.ts';

/** How each suite's scheduler is asked. */
const suites: readonly (readonly [Suite, Transport])[] = [
  ['trixie', 'rest'],
  ['bookworm', 'commands'],
];

for (const [suite, transport] of suites) {
  describe(`the line on a Slurm cluster by API: ${suite}, asked by ${transport}`, function () {
    this.timeout(120_000);
    inOrder();
    const owned = new AsyncDisposableStack();
    let stage: ClusterStage;
    let site: Site;
    let api: ApiClient;
    let cluster: Cluster;
    let task: Task;
    let bucket: Bucket;

    before(async function () {
      this.timeout(900_000);
      const opened = await ClusterStage.open({ suite });
      if (typeof opened === 'string') return skip(this, opened);
      stage = owned.use(opened);
      ({ site } = stage);
      const store = await Bucket.open();
      if (typeof store === 'string') return skip(this, store);
      bucket = owned.use(store);
      const plugins = { ...stage.siteFile.plugins, ...Bucket.plugins };
      const platform = owned.use(await Platform.start({ site: { ...stage.siteFile, plugins } }));
      api = await platform.logIn();
    });

    after(async function () {
      this.timeout(120_000);
      await site?.as('alice', 'login', 'rm', '-f', 'greeting.txt');
      await owned.disposeAsync();
    });

    it('is set up with a key of the host and a key of the user', async () => {
      cluster = await stage.addCluster(api);
    });

    it('says before a launch who else gets to the task, and refuses it where the operator wants a password', async () => {
      const software = await stage.addEcho(api);
      const offered = () =>
        api.must<LaunchOptions>('GET', `/computing/${cluster.computing}/options?software=${software.id}`);
      const [engine] = (await offered()).engines;
      assert.match(engine?.caution ?? '', /no password/);
      await api.must('PATCH', `/computing/${cluster.computing}`, { conf: { openInterfaces: 'refuse' } });
      const refused = await offered();
      assert.deepEqual([refused.fits, refused.engines], [false, []]);
      assert.match(refused.reason ?? '', /takes a password/);
      await assert.rejects(api.launch('Echo', {}, 'Cluster'), /password/);
      await api.must('PATCH', `/computing/${cluster.computing}`, { conf: await transportConf(site, transport) });
    });

    it('queues, runs and is reached behind the login node', async function () {
      this.timeout(300_000);
      const options = { partition: 'debug', cpus: 1, memory: 256 * 1024 ** 2, time: 600 };
      const staging = await bucket.add(api);
      task = await api.launch('Echo', { name: 'On the cluster', options, staging }, 'Cluster');
      const ready = await api.until(task.id, 'ready', ({ ready }) => ready, 240_000);
      assert.equal(ready.phase, 'running');
      using visitor = await api.enter(task.id);
      assert.equal((await visitor.request('/')).statusCode, 200);
    });

    it('has files of a bucket in the cluster’s home, where it sees them', async () => {
      using visitor = await api.enter(task.id);
      const { env } = JSON.parse(await visitor.text('/about')) as { env: Record<string, string> };
      assert.equal(env['STAGE_FOLDER'], `/storage/home/stele-tasks/${task.key}`);
      const folder = `stele-tasks/${task.key}`;
      assert.equal(await site.as('alice', 'login', 'cat', `${folder}/in/survey/notes.txt`), 'from the store');
      await site.as('alice', 'login', 'cp', '-r', `${folder}/in/survey`, `${folder}/out/`);
    });

    it('tells what Slurm did with it', async () => {
      const reasons = (await api.items<TaskEvent>(`/tasks/${task.id}/events`)).map(({ reason }) => reason);
      assert(reasons.includes('RUNNING'), reasons.join());
    });

    it('shows files of the cluster’s home', async () => {
      const put = await api.fetch(`/storages/${cluster.storage}/content?path=greeting.txt`, {
        method: 'PUT',
        body: 'Hello from the platform\n',
      });
      assert(put.ok, await put.text());
      assert.equal(await site.as('alice', 'login', 'cat', 'greeting.txt'), 'Hello from the platform');
    });

    it('ends, and leaves nothing but the user’s files', async () => {
      const ended = await api.stop(task.id);
      assert.equal(ended.outcome, 'cancelled');
      const isBack = async () => (await api.task(task.id)).staging?.out?.state === 'done';
      await eventually('its results are back', isBack, 30_000);
      assert.deepEqual(await bucket.results(), ['survey/deep/er/points.csv', 'survey/notes.txt']);
      const last = (await api.items<TaskEvent>(`/tasks/${task.id}/events`)).at(-1);
      // Whether its script is asked to end in time or killed is the cluster’s matter.
      assert.match(last?.reason ?? '', /^(?:COMPLETED|CANCELLED)$/);
      await api.must('DELETE', `/tasks/${task.id}`);
      await stage.demandNothingLeft();
    });
  });
}
