import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ContainerEngines, token } from '@stele/sdk';
import { Bench, healthy, provides, Seen, server, shortLimit, Things, uses } from './testing/bench.ts';
import { type Fixture } from './testing.ts';
import type { HostChange } from './types.ts';

describe('PluginHost', () => {
  const bench = new Bench();
  const { seen, run, of } = bench;
  beforeEach(() => bench.open());
  afterEach(() => bench.close());

  it('starts, and stops, with no plugin at all', async () => {
    await run([]);
    assert.deepEqual(bench.host.list(), []);
    assert.deepEqual(bench.host.contributions(), []);
  });

  it('activates a TypeScript plugin outside the repository that imports the SDK and its companions', async () => {
    const text = `import { definePlugin, ContainerEngines } from '@stele/sdk';
      import { Type } from 'typebox';
      import { instanceCachingFactory } from 'tsyringe';
      const id: string = 'x';
      export default definePlugin({ activate({ add }) { add(ContainerEngines, id, { id } as never); } });
      if (!Type.String() || !instanceCachingFactory) throw new Error();`;
    await run([{ id: 'engine-x', server: text }]);
    assert.equal(of('engine-x').state, 'active', of('engine-x').reason);
    assert.deepEqual(bench.host.registry(ContainerEngines).list(), [
      { id: 'x', item: { id: 'x' }, plugin: 'engine-x' },
    ]);
  });

  it('tells what it knows of a plugin', async () => {
    const [body, definition] = provides('told.service');
    await run([
      {
        id: 'teller',
        stele: { title: 'The teller' },
        server: server(body, `${definition} optional: { x: token('told.x') },`),
      },
    ]);
    assert.deepEqual(of('teller'), {
      id: 'teller',
      title: 'The teller',
      version: '1.2.3',
      source: 'site',
      path: join(bench.yard.path, 'plugins/teller'),
      state: 'active',
      enabled: true,
      requires: ['test.seen'],
      optional: ['told.x'],
      provides: ['told.service'],
      overrides: [],
      hasServer: true,
      hasWeb: false,
      panels: [],
    });
  });

  it('lists a folder without a readable manifest and lets the built-in of that name be', async () => {
    await bench.yard.write({ id: 'healthy', files: { 'package.json': '{' } }, 'dev');
    await bench.yard.write(healthy);
    await run([], {
      folders: [
        { kind: 'development', path: join(bench.yard.path, 'dev') },
        { kind: 'built-in', path: join(bench.yard.path, 'plugins') },
      ],
    });
    assert.deepEqual(
      bench.host.list().map(({ id, source, state }) => `${id} ${source} ${state}`),
      ['healthy built-in active', 'healthy development failed'],
    );
  });

  it('runs the winner of a clash and lists the loser', async () => {
    await bench.yard.write({ id: 'same', server: server(`add(Things, 'dev', 1);`) }, 'dev');
    await bench.yard.write({ id: 'same', server: server(`add(Things, 'built-in', 1);`) });
    await run([], {
      folders: [
        { kind: 'built-in', path: join(bench.yard.path, 'plugins') },
        { kind: 'development', path: join(bench.yard.path, 'dev') },
      ],
    });
    assert.deepEqual(
      bench.host
        .registry(Things)
        .list()
        .map(({ id }) => id),
      ['dev'],
    );
    const [winner, loser] = bench.host.list();
    assert.deepEqual(winner?.overrides, [{ source: 'built-in', path: join(bench.yard.path, 'plugins/same') }]);
    assert.deepEqual(loser?.overriddenBy, { source: 'development', path: join(bench.yard.path, 'dev/same') });
    assert.equal(loser?.state, 'disabled');
  });

  it('gives services to those who need them, after their providers', async () => {
    await run([
      { id: 'a-user', server: server(`seen.push('user ' + deps.it.name);`, uses('requires', 'b.service')) },
      { id: 'b-provider', server: server(...provides('b.service', `{ name: 'b' }`)) },
    ]);
    assert.deepEqual(seen, ['+b.service', 'user b']);
  });

  it('makes a service of the core for each plugin that asks', async () => {
    const Name = token<string>('test.name');
    const text = (id: string): Fixture => ({
      id,
      server: server(`seen.push(deps.name);`, `optional: { name: token('test.name') },`),
    });
    await run([text('one'), text('two')], {
      services: [
        { token: Seen, value: seen },
        { token: Name, for: (id) => `for ${id}` },
      ],
    });
    assert.deepEqual(seen, ['for one', 'for two']);
  });

  it('gives the plugin a container with its services as values, which ends with it', async () => {
    const body = `
      class Engine { constructor(it) { this.it = it; } dispose() { seen.push('disposed'); } }
      const made = container.resolve(token('test.seen')) === seen;
      container.register('engine', { useFactory: (c) => new Engine(c.resolve(token('test.seen'))) });
      seen.push(String(made && container.resolve('engine').it === seen));
      own(() => { seen.push('own'); container.resolve('engine'); });
      add(Things, 'container', container);`;
    await run([{ id: 'inner', server: server(body) }]);
    const container = bench.host.registry(Things).get('container') as { resolve(name: string): unknown };
    await bench.host.disable('inner');
    assert.deepEqual(seen, ['true', 'own'], 'still usable while things are given back');
    assert.throws(() => container.resolve('engine'));
    assert.equal(of('inner').code, undefined);
  });

  it('records what is not given back, and goes on', async () => {
    const body = `
      own(() => { seen.push('last'); });
      own(() => new Promise(() => {}));
      own(() => { throw new Error('stuck'); });`;
    await run([{ id: 'sticky', server: server(body) }], { activationLimit: shortLimit });
    const { state, code, reason } = await bench.host.disable('sticky');
    assert.deepEqual([state, code], ['disabled', 'DISPOSE_FAILED']);
    assert.equal(reason, 'not given back: stuck; it took longer than 0.5 s');
    assert.deepEqual(seen, ['last']);
    assert.equal((await bench.host.enable('sticky')).state, 'active');
  });

  it('hands out the routes of active plugins, and what they throw is for who calls them', async () => {
    const body = `mount(async (request, caller) => {
      if (request.url.endsWith('/bad')) throw new Error('bad');
      return new Response(caller.userId);
    });`;
    await run([{ id: 'routed', server: server(body) }, healthy]);
    const caller = { userId: 'u1', role: 'standard' } as const;
    const answer = await bench.host.handler('routed')?.(new Request('http://x/good'), caller);
    assert.equal(await answer?.text(), 'u1');
    await assert.rejects(async () => bench.host.handler('routed')?.(new Request('http://x/bad'), caller), /bad/);
    assert.equal(bench.host.handler('healthy'), undefined);
    assert.equal(of('routed').state, 'active');
    await bench.host.disable('routed');
    assert.equal(bench.host.handler('routed'), undefined);
  });

  it('offers the web halves of active plugins, under a hash of what is in their folder', async () => {
    const panels = [{ id: 'queue', slot: 'main', title: 'Queue', export: 'Queue' }];
    const fixture: Fixture = {
      id: 'page',
      stele: { web: './dist/web/index.js', panels },
      files: { 'dist/web/index.js': 'export class Queue {}', 'dist/web/assets/a.css': '' },
    };
    await run([fixture, healthy]);
    const [contribution, ...others] = bench.host.contributions();
    assert.deepEqual(others, []);
    const { hash, ...rest } = contribution ?? { hash: '' };
    assert.match(hash, /^[0-9a-f]{16}$/);
    const webRoot = join(bench.yard.path, 'plugins/page/dist/web');
    assert.deepEqual(rest, { plugin: 'page', title: 'page', version: '1.2.3', panels, webRoot, webModule: 'index.js' });
    await writeFile(join(webRoot, 'assets/a.css'), 'a {}');
    await bench.host.disable('page');
    assert.deepEqual(bench.host.contributions(), []);
    await bench.host.enable('page');
    assert.notEqual(bench.host.contributions()[0]?.hash, hash);
  });

  it('tells of every change of state, until the listener is disposed', async () => {
    await run([healthy]);
    const heard: HostChange[] = [];
    bench.host.onChange(() => {
      throw new Error('deaf');
    });
    const listening = bench.host.onChange((change) => heard.push(change));
    await bench.host.disable('healthy');
    await bench.host.enable('healthy');
    listening[Symbol.dispose]();
    await bench.host.disable('healthy');
    assert.deepEqual(
      heard.map(({ id, state }) => `${id} ${state}`),
      ['deactivating', 'disabled', 'activating', 'active'].map((state) => `healthy ${state}`),
    );
  });
});
