import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '@stele/sdk';
import { Bench, healthy, server, Things, uses } from './testing/bench.ts';
import { memoryState } from './testing.ts';

describe('PluginHost: the switch', () => {
  const bench = new Bench();
  const { seen, run, of, states } = bench;
  beforeEach(() => bench.open());
  afterEach(() => bench.close());

  it('stands as the administrator left it, then as the environment, then as the site file says', async () => {
    const ids = ['aa', 'bb', 'cc', 'dd'];
    await run(
      ids.map((id) => ({ id, server: server('') })),
      {
        settings: {
          aa: { enabled: false },
          bb: { enabled: false },
          cc: { enabled: true },
          dd: { locked: { enabled: false } },
        },
        environment: { STELE_PLUGIN_BB__ENABLED: 'true', STELE_PLUGIN_CC__ENABLED: 'true' },
        state: memoryState({ cc: { enabled: false }, dd: { enabled: true } }),
      },
    );
    assert.deepEqual(states(), { aa: 'disabled', bb: 'active', cc: 'disabled', dd: 'disabled' });
  });

  it('is remembered, and survives a restart', async () => {
    const state = memoryState();
    await run([healthy], { state });
    assert.equal((await bench.host.disable('healthy')).state, 'disabled');
    await bench.host.stop();
    await run([], { state });
    assert.equal(of('healthy').state, 'disabled');
    assert.equal((await bench.host.enable('healthy')).state, 'active');
  });

  it('changes nothing when it can not be remembered', async () => {
    const state = { load: () => Promise.resolve({}), save: () => Promise.reject(new Error('database gone')) };
    await run([healthy], { state });
    await assert.rejects(bench.host.disable('healthy'), /database gone/);
    assert.equal(of('healthy').state, 'active');
  });

  it('refuses what is locked, and who is not there', async () => {
    await run([healthy], { settings: { healthy: { locked: { enabled: true } } } });
    await assert.rejects(bench.host.disable('healthy'), (error) => hasCode(error, 'CONFLICT'));
    await assert.rejects(bench.host.enable('nobody'), (error) => hasCode(error, 'NOT_FOUND'));
    assert.equal((await bench.host.enable('healthy')).state, 'active');
  });

  it('gives a plugin that was mended another try', async () => {
    const root = await bench.yard.write({ id: 'mended', server: 'export default {' });
    await run([]);
    assert.equal(of('mended').code, 'LOAD_FAILED');
    await writeFile(join(root, 'index.ts'), server(''));
    assert.equal((await bench.host.enable('mended')).state, 'active');
  });

  it('says so when the plugin has gone from the disk', async () => {
    const root = await bench.yard.write({ id: 'gone', server: server('throw new Error();') });
    await run([]);
    await rm(root, { recursive: true });
    assert.equal((await bench.host.enable('gone')).code, 'MANIFEST_INVALID');
  });

  it('makes one change at a time, in the order asked', async () => {
    await run([
      {
        id: 'slow',
        server: server(
          `seen.push('+'); own(async () => { await new Promise((r) => setTimeout(r, 5)); seen.push('-'); });`,
        ),
      },
    ]);
    await Promise.all([
      bench.host.disable('slow'),
      bench.host.enable('slow'),
      bench.host.disable('slow'),
      bench.host.enable('slow'),
    ]);
    assert.equal(seen.join(''), '+-+-+');
  });

  it('leaves nothing behind, a hundred times over', async () => {
    const body = `
      own({ [Symbol.dispose]() { seen.push('disposed'); } });
      const timer = setInterval(() => {}, 1000); own(() => clearInterval(timer));
      add(Things, 'thing', {}); mount(async () => new Response('here'));
      signal.addEventListener('abort', () => seen.push('aborted'));
      provide(token('much.service'), {});`;
    await run([
      { id: 'much', server: server(body, `provides: [token('much.service')],`) },
      { id: 'user', server: server(`add(Things, 'user', deps.it);`, uses('requires', 'much.service')) },
    ]);
    const timers = (): number => process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;
    const changes: string[] = [];
    using _listening = bench.host.registry(Things).onChange(({ kind }) => changes.push(kind));
    const before = timers();
    for (let round = 0; round < 100; round++) {
      await bench.host.disable('much');
      assert.deepEqual(bench.host.registry(Things).list(), []);
      assert.equal(bench.host.handler('much'), undefined);
      await bench.host.enable('much');
    }
    assert.deepEqual(states(), { much: 'active', user: 'active' });
    assert.equal(timers(), before);
    assert.deepEqual(
      bench.host
        .registry(Things)
        .list()
        .map(({ id }) => id),
      ['thing', 'user'],
    );
    assert.equal(seen.length, 200);
    assert.equal(changes.length, 400);
  });
});
