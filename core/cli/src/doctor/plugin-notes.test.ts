import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginInspection } from '@stele/server/inspect';
import { askPlugins } from './plugin-notes.ts';

describe('what plugins say to the doctor', () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'stele-doctor-'))));
  after(() => rm(folder, { recursive: true }));

  async function plugin(id: string, body: string, more: Partial<PluginInspection> = {}): Promise<PluginInspection> {
    const doctor = join(folder, `${id}.mjs`);
    await writeFile(doctor, `export default ${body};`);
    return {
      id,
      version: '1.0.0',
      source: 'built-in',
      path: folder,
      enabled: true,
      settings: { n: 3 },
      doctor,
      ...more,
    };
  }

  it('is told under their names, with what they know of their settings', async () => {
    const notes = "({ n }) => [{ state: 'weak', says: `n is ${n}`, advice: 'More.' }, { state: 'fine', says: 'ok' }]";
    assert.deepEqual(await askPlugins([await plugin('a', notes)]), [
      { check: 'a', state: 'weak', says: 'n is 3', advice: 'More.' },
      { check: 'a', state: 'fine', says: 'ok' },
    ]);
  });

  it('is asked only of those in use', async () => {
    const dies = "() => { throw new Error('asked'); }";
    const unused = [
      await plugin('b', dies, { enabled: false }),
      await plugin('c', dies, { overriddenBy: { source: 'site', path: '/c' } }),
      await plugin('d', dies, { problem: { code: 'SETTINGS_INVALID', reason: 'x' } }),
    ];
    const { doctor: _, ...silent } = await plugin('e', dies);
    assert.deepEqual(await askPlugins([...unused, silent]), []);
  });

  it('holds nobody up: one that fails or hangs is broken', async () => {
    const plugins = [
      await plugin('f', "() => { throw new Error('no disk'); }"),
      await plugin('g', '() => new Promise(() => undefined)'),
      await plugin('h', '"nothing"'),
    ];
    const found = await askPlugins(plugins, 50);
    assert.deepEqual(
      found.map(({ check, state }) => [check, state]),
      ['f', 'g', 'h'].map((id) => [id, 'broken']),
    );
    assert.match(found[0]?.says ?? '', /no disk/);
  });
});
