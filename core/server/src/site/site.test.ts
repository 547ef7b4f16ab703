import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isSteleError } from '@stele/sdk';
import { loadSite } from './load.ts';

describe('the site file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stele-site-'));
  after(() => rmSync(folder, { recursive: true }));
  const written = (text: string): string => {
    const path = join(folder, 'site.yaml');
    writeFileSync(path, text);
    return path;
  };

  it('may be absent', () => assert.deepEqual(loadSite(undefined, {}).file, {}));

  it('is overlaid by the environment', () => {
    const path = written('site: { name: A, port: 1 }\nplugins: { x: { a: 1 }, y: }\n');
    const { file } = loadSite(path, {
      STELE_SITE__PORT: '8080',
      STELE_SITE__TASKS__DOMAIN: 't.example',
      STELE_DATABASE: 'embedded',
    });
    assert.deepEqual(file.site, { name: 'A', port: 8080, tasks: { domain: 't.example' } });
    assert.equal(file.database, 'embedded');
    assert.deepEqual(file.plugins, { x: { a: 1 }, y: null });
  });

  it('takes no map from the environment', () => {
    assert.deepEqual(loadSite(undefined, { STELE_PLUGINS: 'x', STELE_RESOURCES: 'y' }).file, {});
  });

  const bad: readonly [string, string, RegExp][] = [
    ['an unknown key', 'sites: {}', /sites/],
    ['a wrong type', 'site: { port: many }', /port/],
    ['a port out of range', 'site: { port: 70000 }', /port/],
    ['a database of another kind', 'database: mysql://x', /database/],
    ['what is not YAML', 'site: [', /not YAML/],
    ['a list', '- a', /keys and values/],
  ];
  for (const [what, text, words] of bad) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => loadSite(written(text), {}),
        (error) => isSteleError(error) && words.test(error.message),
      );
    });
  }

  it('says when it can’t be read', () => assert.throws(() => loadSite(join(folder, 'none.yaml'), {}), /can’t be read/));
});
