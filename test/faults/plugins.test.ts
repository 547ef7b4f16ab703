import assert from 'node:assert/strict';
import type { PluginItem, Task, Ui } from '@stele/sdk/api';
import {
  type ApiClient,
  endCleanly,
  type Engine,
  eventually,
  Platform,
  type Problem,
  siteWith,
  Yard,
} from '../e2e/lib/index.ts';
import { type PluginText, writePlugins } from './lib/plugins.ts';
import { imageLimit, openPodman, worldOf } from './lib/world.ts';

/** A server half with this `activate`. */
const server = (activate: string, more = ''): string => `import { definePlugin, token } from '@stele/sdk';
export default definePlugin({ ${more} async activate({ add, provide, log, mount }) { ${activate} } });
`;
const needs = (own: string, other: string): string =>
  server(`provide(token('${own}'), {});`, `requires: { other: token('${other}') }, provides: [token('${own}')],`);
const panel = { id: 'it', slot: 'main', title: 'It', export: 'It' };

/** Plugins, each with one thing wrong, and what the platform has to say of it. */
const broken: Readonly<Record<string, PluginText & { readonly state: string; readonly reason: RegExp }>> = {
  'b-syntax': { server: 'export default {', state: 'failed LOAD_FAILED', reason: /./ },
  'b-range': { server: server(''), range: '^9.0.0', state: 'failed SDK_MISMATCH', reason: /\^9\.0\.0/ },
  'b-unbound': { server: server(''), range: '>=1.0.0', state: 'failed MANIFEST_INVALID', reason: /upper bound/ },
  'b-cycle-a': { server: needs('b.a', 'b.b'), state: 'blocked DEP_CYCLE', reason: /b-cycle-a → b-cycle-b/ },
  'b-cycle-b': { server: needs('b.b', 'b.a'), state: 'blocked DEP_CYCLE', reason: /b-cycle-b/ },
  'b-throws': { server: server("throw new Error('no luck');"), state: 'failed ACTIVATE_FAILED', reason: /no luck/ },
  'b-hangs': {
    server: server('await new Promise(() => {});'),
    state: 'failed ACTIVATE_TIMEOUT',
    reason: /within 10 s/,
  },
  'b-request': {
    server: server(`mount(async (request) => {
      if (request.url.endsWith('/nothing')) return undefined;
      if (!request.url.endsWith('/cut')) throw new Error('in a request');
      const cut = (controller) => setTimeout(() => controller.error(new Error('in a body')), 100);
      return new Response(new ReadableStream({ start: (controller) => (controller.enqueue(new Uint8Array(9)), cut(controller)) }));
    });`),
    state: 'active',
    reason: /^$/,
  },
  'b-web': {
    stele: { web: './web/index.js', panels: [panel] },
    files: { 'web/index.js': 'export class {' },
    state: 'active',
    reason: /^$/,
  },
  'b-web-missing': {
    stele: { web: './web/not-there.js', panels: [panel] },
    state: 'failed LOAD_FAILED',
    reason: /not-there/,
  },
};

describe('plugins that are broken', function () {
  this.timeout(60_000);
  let engine: Engine;
  let yard: Yard;
  let platform: Platform;
  let api: ApiClient;
  let task: Task;

  before(async function () {
    this.timeout(imageLimit);
    engine = await openPodman();
    yard = await Yard.open();
    const folder = await writePlugins(yard, broken);
    const site = siteWith(engine, { resources: worldOf({}), pluginFolders: { development: [folder] } });
    platform = await Platform.start({ site, engine, yard });
    api = await platform.logIn();
    task = await api.launch('Echo');
  });

  after(async () => {
    await platform?.[Symbol.asyncDispose]();
    await yard?.[Symbol.asyncDispose]();
  });

  const plugin = async (id: string): Promise<PluginItem> => {
    const found = (await api.items<PluginItem>('/plugins')).find((item) => item.id === id);
    assert(found, `${id} is not listed`);
    return found;
  };

  for (const [id, { state, reason }] of Object.entries(broken)) {
    it(`${id}: ${state}`, async () => {
      const found = await plugin(id);
      assert.equal([found.state, found.code].filter(Boolean).join(' '), state, found.reason);
      assert.match(found.reason ?? '', reason);
    });
  }

  it('everything else is active, and a task becomes ready', async () => {
    const items = await api.items<PluginItem>('/plugins');
    const others = items.filter(({ id, state }) => !(id in broken) && !['active', 'disabled'].includes(state));
    assert.deepEqual(others, []);
    await api.ready(task.id);
  });

  it('one that throws in a request: a problem for that request, and for nobody else', async () => {
    for (const path of ['x', 'nothing']) {
      const answer = await api.get<Problem>(`/plugins/b-request/${path}`);
      assert.deepEqual([answer.status, answer.body.code], [500, 'INTERNAL'], path);
      assert.match(answer.body.detail, /The plugin “b-request” failed/);
    }
    const cut = await api.fetch('/plugins/b-request/cut');
    await assert.rejects(cut.text(), 'a body that breaks off does not look whole');
    assert.equal((await plugin('b-request')).state, 'active');
    await api.must('GET', '/tasks');
  });

  it('one whose page half is broken: listed, its module served as it is, the others beside it', async () => {
    const { panels } = await api.must<Ui>('GET', '/ui');
    const ours = panels.find((item) => item.plugin === 'b-web');
    assert(ours);
    const module = await fetch(new URL(ours.module, platform.url));
    assert.deepEqual([module.status, await module.text()], [200, 'export class {']);
    assert(panels.length > 4, 'the panels that come with Stele are there');
  });
});

describe('a driver that is disabled while its tasks run', function () {
  this.timeout(60_000);
  let engine: Engine;
  let platform: Platform;
  let api: ApiClient;
  let task: Task;

  before(async function () {
    this.timeout(imageLimit);
    engine = await openPodman();
    platform = await Platform.start({ site: siteWith(engine, { resources: worldOf({}) }), engine });
    api = await platform.logIn();
    const { id } = await api.launch('Echo');
    task = await api.ready(id);
  });

  after(async () => {
    await platform?.[Symbol.asyncDispose]();
  });

  const health = async () => (await api.computing('This machine')).health;
  const demandUnchanged = async (): Promise<void> => {
    const { phase, outcome, startedAt, ready } = await api.task(task.id);
    assert.deepEqual([phase, outcome, startedAt, ready], ['running', undefined, task.startedAt, true]);
  };

  for (const [id, words] of [
    ['computing-standalone', /plugin that runs “standalone” resources is not active/],
    ['access-local', /local/],
  ] as const) {
    it(`${id}: the task stays, the resource says why, and it goes on when it is enabled again`, async () => {
      const containers = await engine.containersOf(platform.yard.path);
      await api.must('POST', `/plugins/${id}/disable`);
      await eventually('the resource says why', async () => words.test((await health()).reason ?? ''), 10_000);
      await demandUnchanged();
      const launch = await api.post<Problem>('/tasks', {
        software: (await api.software('Echo')).id,
        computing: (await api.computing('This machine')).id,
      });
      assert.equal(launch.status, 422, JSON.stringify(launch.body));
      await api.must('POST', `/plugins/${id}/enable`);
      await eventually('the resource is well', async () => (await health()).state === 'ok', 15_000);
      await demandUnchanged();
      assert.deepEqual(await engine.containersOf(platform.yard.path), containers);
    });
  }

  it('a stop that is asked for meanwhile is done afterwards', async () => {
    await api.must('POST', '/plugins/computing-standalone/disable');
    await api.must('POST', `/tasks/${task.id}/stop`);
    assert.equal((await api.task(task.id)).phase, 'stopping');
    await api.must('POST', '/plugins/computing-standalone/enable');
    assert.equal((await api.ended(task.id)).outcome, 'cancelled');
    await endCleanly(platform, [api], engine);
  });
});
