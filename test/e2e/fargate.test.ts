import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckResult, Computing, LaunchOptions, Problem, Task } from '@stele/sdk/api';
import type { SiteFile } from '../../core/server/src/site/index.ts';
import { PrivateNetwork } from '../fargate/lib/network.ts';
import { StandIn } from '../fargate/lib/stand-in.ts';
import { keys, resourceAt } from '../fargate/lib/world.ts';
import { type ApiClient, eventually, inOrder, Platform, skip } from './lib/index.ts';

const site: SiteFile = {
  resources: {
    software: [
      {
        ...{ name: 'Page', registry: 'registry.bed', image: 'kit', tag: '1', port: 8080, protocol: 'http' },
        env: { KIT: 'page', BASE_PORT: '8080' },
      },
    ],
  },
};

describe('the line by API: Fargate', function () {
  this.timeout(90_000);
  inOrder();
  let network: PrivateNetwork | undefined;
  let aws: StandIn;
  let platform: Platform;
  let api: ApiClient;
  let id = '';
  let task: Task;

  before(async function () {
    this.timeout(300_000);
    const made = await PrivateNetwork.make();
    if (typeof made === 'string') return skip(this, made);
    network = made;
    aws = new StandIn({ network });
    await aws.listen();
    platform = await Platform.start({ site });
    api = await platform.logIn();
  });
  after(async () => {
    await platform?.[Symbol.asyncDispose]();
    await aws?.[Symbol.asyncDispose]();
    await network?.[Symbol.asyncDispose]();
    assert.deepEqual(aws?.problems ?? [], []);
  });

  const confOf = () => resourceAt(aws.endpoint, { networks: [network?.range ?? ''] }).conf;

  it('makes the resource, whose keys are never shown again', async () => {
    const wish = {
      ...{ name: 'Cloud', driver: 'fargate', access: 'api', auth: 'platform-token', accessConf: {} },
      ...{ owner: { kind: 'platform' }, conf: confOf(), credentials: keys },
    };
    const refused = await api.call<Problem>('POST', '/computing', {
      ...wish,
      engines: [{ id: 'docker', runtimes: [] }],
    });
    assert.deepEqual([refused.status, refused.body.field], [400, 'engines']);
    const made = await api.must<Computing>('POST', '/computing', wish);
    id = made.id;
    const shown = await api.must<Computing>('GET', `/computing/${id}`);
    for (const view of [made, shown]) assert(!JSON.stringify(view).includes(keys.secretAccessKey));
  });

  it('checks it, and names what is wrong', async () => {
    const check = () => api.must<CheckResult>('POST', `/computing/${id}/check`);
    const fine = await check();
    assert.equal(fine.ok, true, fine.reason);
    await api.must('PATCH', `/computing/${id}`, { conf: { ...confOf(), cluster: 'nowhere' } });
    const wrong = await check();
    assert.deepEqual([wrong.ok, wrong.code, wrong.field], [false, 'NOT_FOUND', 'conf.cluster']);
    await api.must('PATCH', `/computing/${id}`, { conf: confOf() });
    assert.equal((await check()).ok, true);
  });

  it('offers sizes, and refuses in words those that there aren’t', async () => {
    const { schema, engines } = await api.must<LaunchOptions>('GET', `/computing/${id}/options`);
    assert.deepEqual(
      engines.map((engine) => engine.id),
      ['fargate'],
    );
    assert('cpus' in (schema['properties'] as object));
    await assert.rejects(
      api.launch('Page', { options: { cpus: 1, memory: 9 } }, 'Cloud'),
      /Memory.*2, 3, 4, 5, 6, 7, 8/,
    );
  });

  it('launches there, and shows the page through the gateway', async () => {
    const { id: started } = await api.launch('Page', { options: { cpus: 0.5, memory: 2 } }, 'Cloud');
    task = await api.ready(started);
    assert.equal(task.engine?.id, 'fargate');
    const [only] = aws.cluster.tasks;
    assert.deepEqual([only?.view.cpu, only?.view.memory], ['512', '2048']);
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
    assert.equal(aws.cluster.tasks.length, 1);
  });

  it('stops, brings the log home, and leaves neither it nor a key', async () => {
    const ended = await api.stop(task.id);
    assert.equal(ended.outcome, 'cancelled');
    await eventually('the log is brought home', () => aws.logs.streams.length === 0, 30_000);
    const told = await api.fetch(`/tasks/${task.id}/logs`);
    assert.equal(await told.text(), 'up\n');
    const log = await readFile(join(platform.yard.data, 'stele.log'), 'utf8');
    assert(!log.includes(keys.secretAccessKey));
  });
});
