import assert from 'node:assert/strict';
import type { PluginInspection } from '@stele/server/inspect';
import { checkPlugins } from './plugins.ts';
import { checkPrograms, judgePrograms } from './programs.ts';

const plugin = (id: string, more: Partial<PluginInspection> = {}): PluginInspection => ({
  id,
  version: '1.0.0',
  source: 'built-in',
  path: `/plugins/${id}`,
  enabled: true,
  settings: {},
  ...more,
});

describe('what the doctor says of plugins', () => {
  it('counts those that are in use', () => {
    const plugins = [
      plugin('a'),
      plugin('b', { enabled: false }),
      plugin('c', { overriddenBy: { source: 'site', path: '/c' } }),
    ];
    const [sum, ...more] = checkPlugins({ plugins, strangers: [], empty: [] });
    assert.equal(sum?.says, '1 enabled');
    assert.deepEqual(
      more.map(({ state }) => state),
      ['fine'],
    );
  });

  it('names a plugin that is wrong, and where to correct it', () => {
    const problem = { code: 'SETTINGS_INVALID', reason: 'settings: `n` must be integer' } as const;
    const [, wrong] = checkPlugins({ plugins: [plugin('a', { problem })], strangers: [], empty: [] });
    assert.deepEqual([wrong?.state, wrong?.says], ['broken', 'a: SETTINGS_INVALID: settings: `n` must be integer']);
    assert.match(wrong?.advice ?? '', /plugins: \{ a:/);
  });

  it('guesses which plugin was meant', () => {
    const found = checkPlugins({
      plugins: [plugin('engine-podman')],
      strangers: ['engine-podmann', 'else'],
      empty: [],
    });
    assert.deepEqual(found.map(({ advice }) => advice).slice(1), [
      'Did you mean “engine-podman”?',
      'Install it, or take the section out.',
    ]);
  });

  it('names a folder without a plugin', () => {
    const empty = [{ kind: 'named', path: '/none', name: './none' }] as const;
    assert.equal(checkPlugins({ plugins: [], strangers: [], empty })[1]?.state, 'broken');
  });
});

describe('what the doctor says of programs', () => {
  const here = { plugin: 'a', command: 'x', answer: { version: 'x 1.0' } };
  const missing = { plugin: 'b', command: 'y', answer: { missing: true } } as const;
  const failing = { plugin: 'c', command: 'z', answer: { failure: 'no' } };
  const states = (...programs: Parameters<typeof judgePrograms>[0]): string[] =>
    judgePrograms(programs).map(({ state }) => state);

  it('is content with one of them, and tells of one that fails', () => {
    assert.deepEqual(states(here, missing), ['fine']);
    assert.deepEqual(states(here, failing), ['fine', 'weak']);
    assert.deepEqual(states(), []);
  });

  it('names them all where there is none, which a site may well do without', () => {
    assert.deepEqual(states(missing, failing), ['weak']);
    assert.match(judgePrograms([missing, failing])[0]!.says, /y \(b\), z \(c\)/);
  });

  it('asks real ones, of plugins that are in use', async () => {
    const plugins = [
      plugin('node', { settings: { command: process.execPath } }),
      plugin('none', { settings: { command: 'stele-has-no-such-program' } }),
      plugin('by itself', { settings: { command: '' } }),
      plugin('off', { enabled: false, settings: { command: 'stele-has-no-such-program' } }),
    ];
    const found = await checkPrograms(plugins);
    assert.deepEqual(
      found.map(({ says }) => says),
      [`${process.execPath}: ${process.version}`],
    );
  });
});
