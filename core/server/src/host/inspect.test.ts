import assert from 'node:assert/strict';
import { join } from 'node:path';
import { inspectPlugins } from './inspect.ts';
import { type Fixture, PluginYard } from './testing.ts';

const schema = {
  type: 'object',
  properties: { command: { type: 'string', default: 'podman' }, count: { type: 'integer' } },
};
const engine: Fixture = { id: 'my-engine', stele: { settings: schema }, server: 'globalThis.steleTestRan = true;' };

describe('inspectPlugins', () => {
  let yard: PluginYard;
  before(async () => void (yard = await PluginYard.open()));
  after(() => yard[Symbol.asyncDispose]());
  const folders = () => [{ kind: 'site', path: join(yard.path, 'plugins') } as const];

  before(async () => {
    await yard.write(engine);
    await yard.write({ id: 'wrong', server: '', package: { engines: { stele: '^99.0.0' } } });
  });

  it('fills in settings, and runs no code', async () => {
    const { plugins, strangers, empty } = await inspectPlugins(folders(), { 'my-engine': { count: 2 } }, {});
    const found = plugins.find(({ id }) => id === 'my-engine');
    assert.deepEqual(
      [found?.settings, found?.enabled, found?.problem],
      [{ command: 'podman', count: 2 }, true, undefined],
    );
    assert.deepEqual([strangers, empty], [[], []]);
    assert.ok(!('steleTestRan' in globalThis));
  });

  const bad: readonly [string, object, Record<string, string>, RegExp][] = [
    ['a wrong type', { 'my-engine': { count: 'many' } }, {}, /`count` must be integer/],
    ['an unknown key', { 'my-engine': { comand: 'x' } }, {}, /comand/],
    ['a variable that is no setting', {}, { STELE_PLUGIN_MY_ENGINE__COMAND: 'x' }, /COMAND/],
  ];
  for (const [what, sections, environment, words] of bad) {
    it(`names ${what}`, async () => {
      const { plugins } = await inspectPlugins(folders(), sections as never, environment);
      const { problem } = plugins.find(({ id }) => id === 'my-engine')!;
      assert.equal(problem?.code, 'SETTINGS_INVALID');
      assert.match(problem.reason, words);
    });
  }

  it('says what is wrong with a manifest', async () => {
    const { plugins } = await inspectPlugins(folders(), {}, {});
    assert.equal(plugins.find(({ id }) => id === 'wrong')?.problem?.code, 'SDK_MISMATCH');
  });

  it('lists sections that mean no plugin, and folders without one', async () => {
    const none = { kind: 'named', path: join(yard.path, 'nothing'), name: './nothing' } as const;
    const { strangers, empty } = await inspectPlugins([...folders(), none], { 'my-enigne': null }, {});
    assert.deepEqual([strangers, empty], [['my-enigne'], [none]]);
  });
});
