import assert from 'node:assert/strict';
import type { CheckResult, Computing, OwnCredentialItem, Task } from '@stele/sdk/api';
import { signToken } from '../../plugins/computing/slurm/src/server/rest/tokens.ts';
import { type ApiClient, freePort, inOrder, Platform, skip } from '../e2e/lib/index.ts';
import { nodesOf, routeToNodes } from './lib/calling-world.ts';
import { openSite, type Site, siteMissing } from './lib/site.ts';

describe('the line on a cluster that nobody logs in to, by API', function () {
  this.timeout(120_000);
  inOrder();
  const owned = new AsyncDisposableStack();
  let site: Site;
  let api: ApiClient;
  let computing: Computing;
  let task: Task;

  before(async function () {
    this.timeout(600_000);
    const why = await siteMissing();
    if (why !== undefined) return skip(this, why);
    site = await openSite({ suite: 'trixie' });
    owned.use(await routeToNodes(site));
    const port = await freePort('0.0.0.0');
    const about = { url: `http://${site.platform}:${port}`, listen: '0.0.0.0', port };
    const platform = owned.use(await Platform.start({ site: { site: about }, port }));
    api = await platform.logIn();
  });
  after(() => owned.disposeAsync());

  it('is set up with a token of the user’s own, and says what is missing', async () => {
    const networks = [nodesOf(site)];
    computing = await api.must<Computing>('POST', '/computing', {
      ...{ name: 'Far', driver: 'slurm', access: 'api', auth: 'user-token', owner: { kind: 'platform' } },
      conf: { restUrl: `http://${site.login}:6820`, callers: [`${site.login}/32`], partition: 'shared', time: 300 },
      engines: [{ id: 'singularity', runtimes: [] }],
    });
    const check = () => api.must<CheckResult>('POST', `/computing/${computing.id}/check`);
    assert.equal((await check()).field, 'conf.networks');
    await api.must('PATCH', `/computing/${computing.id}`, { conf: { ...computing.conf, networks } });
    assert.equal((await check()).code, 'DENIED');
    const now = Math.floor(Date.now() / 1000);
    const token = signToken(await site.jwtKey(), 'bob', now, 100_000);
    const item = await api.must<OwnCredentialItem>('PUT', `/credentials/${computing.id}`, { values: { token } });
    assert.deepEqual([item.state, item.secrets], ['set', ['token']]);
    const { ok, facts, reason } = await check();
    assert.ok(ok, reason);
    assert.match(facts.find(({ label }) => label === 'Tasks call')?.value ?? '', /without TLS/);
    assert.ok(facts.some(({ label }) => label === 'Token ends'));
  });

  it('hands a task to its node, and hears of its end, exit code and log', async () => {
    await api.must('POST', '/software', {
      ...{ name: 'Nowhere', registry: `${site.platform}:1`, image: 'stele/none', tag: '1', env: {} },
      ...{ port: 8080, protocol: 'http', flags: { customPort: true, interfaceAuth: false, fixedUser: false } },
    });
    task = await api.launch('Nowhere', { options: { memory: 128 * 1024 ** 2 } }, 'Far');
    const { outcome, exitCode } = await api.ended(task.id);
    assert.deepEqual([outcome, exitCode], ['failed', 255]);
    const log = await (await api.fetch(`/tasks/${task.id}/logs`)).text();
    assert.match(log, /FATAL/);
  });

  it('leaves nothing', async () => {
    await api.must('DELETE', `/tasks/${task.id}`);
    const script = 'pgrep -a -u bob; find /tmp /var/tmp -user bob; true';
    const left = await Promise.all(site.nodes.map((node) => site.on(node, 'sh', '-c', script)));
    assert.equal(left.join(''), '');
  });
});
