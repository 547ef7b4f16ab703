import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Bench, healthy, server } from './testing/bench.ts';
import { type Fixture, silent } from './testing.ts';

describe('PluginHost: settings', () => {
  const bench = new Bench();
  const { seen, run, of, states } = bench;
  beforeEach(() => bench.open());
  afterEach(() => bench.close());

  const schema = {
    properties: {
      command: { type: 'string', default: 'default' },
      count: { type: 'integer', default: 0 },
      password: { type: 'string', 'x-secret': true },
    },
  };
  const fixture: Fixture = {
    id: 'my-engine',
    stele: { settings: './settings.json' },
    files: { 'settings.json': JSON.stringify(schema) },
    server: server('seen.push(JSON.stringify(settings));'),
  };
  const given = (): unknown => JSON.parse(seen.at(-1) ?? 'null');

  it('come from defaults < site file < environment < locked', async () => {
    await run([fixture], {
      settings: { 'my-engine': { command: 'site', count: 1, password: 'site', locked: { password: 'locked' } } },
      environment: { STELE_PLUGIN_MY_ENGINE__COUNT: '2', STELE_PLUGIN_MY_ENGINE__PASSWORD: 'env' },
    });
    assert.deepEqual(given(), { command: 'site', count: 2, password: 'locked' });
  });

  it('are shown without secrets', async () => {
    await run([fixture], { settings: { 'my-engine': { password: 'hunter2', locked: { count: 3 } } } });
    assert.deepEqual(bench.host.settings('my-engine'), {
      schema,
      values: { command: 'default', count: 3 },
      secrets: ['password'],
      locked: ['count'],
    });
    assert.equal(bench.host.settings('nobody'), undefined);
  });

  it('may stand under the name that led to the plugin', async () => {
    await bench.yard.write(fixture);
    const name = './plugins/my-engine';
    await run([], {
      folders: [{ kind: 'named', path: join(bench.yard.path, name), name }],
      settings: { [name]: { command: 'named' } },
    });
    assert.deepEqual(given(), { command: 'named', count: 0 });
  });

  it('may be empty in the site file', async () => {
    await run([fixture], { settings: { 'my-engine': null } });
    assert.equal(of('my-engine').state, 'active');
  });

  it('that are wrong fail the plugin, before its code runs', async () => {
    const text = { ...fixture, server: `globalThis.steleTestRan = true; ${fixture.server}` };
    await run([text, healthy], { settings: { 'my-engine': { count: 'x' } } });
    assert.deepEqual(states(), { healthy: 'active', 'my-engine': 'failed SETTINGS_INVALID' });
    assert.ok(!('steleTestRan' in globalThis));
  });

  it('of a plugin that is not there are warned of', async () => {
    const log = {
      ...silent,
      warn: (message: string, { name } = {} as { name?: unknown }) => void seen.push(`${message}: ${String(name)}`),
    };
    await run([healthy], { settings: { healthy: {}, heathly: {} }, log });
    assert.deepEqual(seen, ['The site file has settings of a plugin that was not found: heathly']);
  });

  it('are not asked of a plugin that is disabled', async () => {
    await run([fixture], { settings: { 'my-engine': { enabled: false, count: 'x' } } });
    assert.deepEqual(states(), { 'my-engine': 'disabled' });
  });
});
