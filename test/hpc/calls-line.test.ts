import assert from 'node:assert/strict';
import type { CheckResult, Computing, OwnCredentialItem, Task } from '@stele/sdk/api';
import { signToken } from '../../plugins/computing/slurm/src/server/rest/tokens.ts';
import { type ApiClient, freePort, inOrder, Platform, skip } from '../e2e/lib/index.ts';
import { Authority } from '../../agent/src/testing/authority.ts';
import { nodesOf, routeToNodes } from './lib/calling-world.ts';
import { greeter, openTaskImages, type TaskImages } from './lib/container-world.ts';
import { openSite, type Site, siteMissing } from './lib/site.ts';
import { TlsFront } from './lib/tls-front.ts';

describe('the line on a cluster that nobody logs in to, by API, its calls by TLS', function () {
  this.timeout(120_000);
  inOrder();
  const owned = new AsyncDisposableStack();
  let site: Site;
  let front: TlsFront;
  let images: TaskImages;
  let api: ApiClient;
  let computing: Computing;
  const tasks: Task[] = [];

  before(async function () {
    this.timeout(600_000);
    const why = await siteMissing();
    if (why !== undefined) return skip(this, why);
    site = await openSite({ suite: 'trixie' });
    owned.use(await routeToNodes(site));
    // What a test that failed has left is none of the next one's.
    owned.defer(async () => void (await site.on('login', 'scancel', '--user', 'bob')));
    const [port, inner] = [await freePort(site.platform), await freePort('127.0.0.1')];
    front = owned.use(await TlsFront.open(site.platform, port, inner));
    images = owned.use(await openTaskImages(site));
    const about = { url: front.origin, listen: '127.0.0.1', port: inner, trustedProxies: ['127.0.0.1'] };
    const plugins = { 'engine-singularity': { insecureRegistries: [images.address] } as object };
    const platform = owned.use(await Platform.start({ site: { site: about, plugins }, port: inner }));
    api = await platform.logIn();
  });
  after(() => owned.disposeAsync());

  const change = async (conf: object): Promise<void> => {
    const whole = { ...computing.conf, ...conf };
    computing = await api.must<Computing>('PATCH', `/computing/${computing.id}`, { conf: whole });
  };
  const launch = async (software: string): Promise<Task> => {
    const task = await api.launch(software, { options: { memory: 512 * 1024 ** 2 } }, 'Far');
    tasks.push(task);
    return task;
  };
  const calls = () => front.asked.filter(({ path }) => path.startsWith('/api/v1/callbacks/'));

  it('is set up with a token of the user’s own, and says what is missing', async () => {
    const networks = [nodesOf(site)];
    computing = await api.must<Computing>('POST', '/computing', {
      ...{ name: 'Far', driver: 'slurm', access: 'api', auth: 'user-token', owner: { kind: 'platform' } },
      conf: { restUrl: `http://${site.login}:6820`, callers: [`${site.login}/32`], partition: 'shared', time: 300 },
      engines: [{ id: 'singularity', runtimes: [] }],
    });
    const check = () => api.must<CheckResult>('POST', `/computing/${computing.id}/check`);
    assert.equal((await check()).field, 'conf.networks');
    await change({ networks });
    assert.equal((await check()).code, 'DENIED');
    const now = Math.floor(Date.now() / 1000);
    const token = signToken(await site.jwtKey(), 'bob', now, 100_000);
    const item = await api.must<OwnCredentialItem>('PUT', `/credentials/${computing.id}`, { values: { token } });
    assert.deepEqual([item.state, item.secrets], ['set', ['token']]);
    const { ok, facts, reason } = await check();
    assert.ok(ok, reason);
    assert.match(facts.find(({ label }) => label === 'Tasks call')?.value ?? '', /^https:.*need curl or wget$/);
    assert.ok(facts.some(({ label }) => label === 'Token ends'));
  });

  const flags = { customPort: true, interfaceAuth: false, fixedUser: false };
  const common = { port: 8080, flags };

  it('starts nothing where a node doesn’t believe the platform’s certificate, and says so', async () => {
    const { registry, repository, tag } = images.image;
    const about = { name: 'Greeter', registry, image: repository, tag, env: { SCRIPT: greeter } };
    await api.must('POST', '/software', { ...common, ...about, protocol: 'tcp' });
    await using other = await Authority.open();
    for (const callCa of [undefined, other.ca]) {
      await change({ callCa });
      const { outcome, reason } = await api.ended((await launch('Greeter')).id);
      assert.deepEqual([outcome, calls()], ['failed', []]);
      assert.match(reason ?? '', /doesn’t believe the platform’s certificate/);
    }
    assert.equal(front.disbelievers, 2);
  });

  it('has a real container become ready by its calls, once nodes know who vouches for the platform', async () => {
    await change({ callCa: front.ca });
    const { id } = await launch('Greeter');
    const { reason } = await api.ready(id);
    assert.equal(reason ?? '', '');
    assert.ok(calls().length > 1 && calls().every(({ from }) => from === site.login));
    const ps = await Promise.all(site.nodes.map((node) => site.on(node, 'sh', '-c', 'pgrep -a -u bob; true')));
    assert.match(ps.join(''), /apptainer|starter|appinit/i);
    await api.must('POST', `/tasks/${id}/stop`);
    assert.equal((await api.ended(id)).outcome, 'cancelled');
  });

  it('hands a task to its node, and hears of its end, exit code and log', async () => {
    const about = { name: 'Nowhere', registry: `${site.platform}:1`, image: 'stele/none', tag: '1', env: {} };
    await api.must('POST', '/software', { ...common, ...about, protocol: 'http' });
    const task = await launch('Nowhere');
    const { outcome, exitCode } = await api.ended(task.id);
    assert.deepEqual([outcome, exitCode], ['failed', 255]);
    const log = await (await api.fetch(`/tasks/${task.id}/logs`)).text();
    assert.match(log, /FATAL/);
  });

  it('leaves nothing', async () => {
    for (const { id } of tasks) await api.must('DELETE', `/tasks/${id}`);
    const script = 'pgrep -a -u bob; find /tmp /var/tmp -user bob; true';
    const left = await Promise.all(site.nodes.map((node) => site.on(node, 'sh', '-c', script)));
    assert.equal(left.join(''), '');
  });
});
