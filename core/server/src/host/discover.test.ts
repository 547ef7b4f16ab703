import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCatalogue } from './catalogue.ts';
import { discover } from './discover.ts';
import { PluginFailure } from './failure.ts';
import { namedFolder } from './named-folder.ts';
import { PluginYard } from './testing.ts';
import type { PluginFolder } from './types.ts';

describe('finding plugins', () => {
  let yard: PluginYard;
  beforeEach(async () => {
    yard = await PluginYard.open();
  });
  afterEach(() => yard[Symbol.asyncDispose]());

  const folder = (kind: PluginFolder['kind'], path: string): PluginFolder => ({ kind, path: join(yard.path, path) });
  const found = async (...folders: PluginFolder[]): Promise<string[]> =>
    (await discover(folders)).candidates.map(({ path }) => path.slice(yard.path.length + 1));

  it('takes the folder itself, or looks one and two levels below', async () => {
    await yard.write({ id: 'self' }, '.');
    await yard.write({ id: 'one' }, 'many');
    await yard.write({ id: 'two' }, 'many/group');
    await yard.write({ id: 'three' }, 'many/group/deeper');
    assert.deepEqual(await found(folder('site', 'self')), ['self']);
    assert.deepEqual(await found(folder('site', 'many')), ['many/group/two', 'many/one']);
  });

  it('passes over packages that are no plugins, installed packages, hidden folders, files and broken links', async () => {
    await yard.write({ id: 'real' }, 'many');
    await yard.write({ id: 'dependency' }, 'many/node_modules');
    await yard.write({ id: 'hidden' }, 'many/.git');
    await yard.write({ id: 'library', package: { stele: undefined } }, 'many');
    await writeFile(join(yard.path, 'many/README'), '');
    await symlink(join(yard.path, 'nowhere'), join(yard.path, 'many/broken'));
    assert.deepEqual(await found(folder('site', 'many')), ['many/real']);
  });

  it('follows links to plugins, and takes one that is reached twice once', async () => {
    await yard.write({ id: 'real' }, 'elsewhere');
    await mkdir(join(yard.path, 'many'));
    await symlink(join(yard.path, 'elsewhere/real'), join(yard.path, 'many/linked'));
    const { listings } = await readCatalogue([folder('site', 'many'), folder('built-in', 'elsewhere')]);
    assert.deepEqual(
      listings.map(({ id, place, overriddenBy }) => [id, place.source, overriddenBy]),
      [['real', 'site', undefined]],
    );
  });

  it('tells of places that hold none', async () => {
    const nowhere = folder('named', 'nowhere');
    assert.deepEqual((await discover([nowhere])).empty, [nowhere]);
  });

  it('lets development win over site, named and built-in, and keeps the losers', async () => {
    const kinds = ['built-in', 'named', 'site', 'development'] as const;
    for (const kind of kinds) await yard.write({ id: 'same' }, kind);
    await yard.write({ id: 'other' }, 'built-in');
    const { listings } = await readCatalogue(kinds.map((kind) => folder(kind, kind)));
    const rows = listings.map(({ id, place, overrides, overriddenBy }) => ({
      is: `${id} ${place.source}`,
      overrides: overrides.map(({ source }) => source),
      overriddenBy: overriddenBy?.source,
    }));
    assert.deepEqual(rows, [
      { is: 'same development', overrides: ['site', 'named', 'built-in'], overriddenBy: undefined },
      { is: 'same site', overrides: [], overriddenBy: 'development' },
      { is: 'same named', overrides: [], overriddenBy: 'development' },
      { is: 'other built-in', overrides: [], overriddenBy: undefined },
      { is: 'same built-in', overrides: [], overriddenBy: 'development' },
    ]);
  });

  const schemaFile = { 'settings.json': '{"type": "object", "propertees": {}}' };
  const web = { 'web/index.js': '' };
  const wrong: [string, Parameters<PluginYard['write']>[0], string, RegExp][] = [
    [
      'a package.json that is no JSON',
      { id: 'bad', files: { 'package.json': '{' } },
      'MANIFEST_INVALID',
      /package.json of bad/,
    ],
    ['a wrong manifest', { id: 'bad', server: '', stele: { panel: [] } }, 'MANIFEST_INVALID', /`panel`/],
    [
      'a range without upper bound',
      { id: 'bad', server: '', package: { engines: { stele: '>=1' } } },
      'MANIFEST_INVALID',
      /upper bound/,
    ],
    [
      'a range of another contract',
      { id: 'bad', server: '', package: { engines: { stele: '^7' } } },
      'SDK_MISMATCH',
      /\^7/,
    ],
    ['a server half outside', { id: 'bad', stele: { server: '../x.js' } }, 'MANIFEST_INVALID', /leaves the package/],
    [
      'a server half that is missing',
      { id: 'bad', stele: { server: './dist/x.js' } },
      'LOAD_FAILED',
      /is the plugin built/,
    ],
    [
      'a web half beside package.json',
      { id: 'bad', stele: { web: './i.js' }, files: { 'i.js': '' } },
      'MANIFEST_INVALID',
      /all of that folder is public/,
    ],
    [
      'a server half below the web half',
      { id: 'bad', stele: { web: './web/index.js', server: './web/s/s.js' }, files: { ...web, 'web/s/s.js': '' } },
      'MANIFEST_INVALID',
      /all of that folder is public/,
    ],
    [
      'a settings schema that is missing',
      { id: 'bad', server: '', stele: { settings: './s.json' } },
      'LOAD_FAILED',
      /stele.settings/,
    ],
    [
      'a settings schema that is wrong',
      { id: 'bad', server: '', stele: { settings: './settings.json' }, files: schemaFile },
      'MANIFEST_INVALID',
      /propertees/,
    ],
    [
      'a settings schema outside',
      { id: 'bad', server: '', stele: { settings: '/etc/passwd/../../../x' } },
      'MANIFEST_INVALID',
      /leaves the package/,
    ],
    [
      'its own copy of the SDK',
      { id: 'bad', server: '', files: { 'node_modules/@stele/sdk/package.json': '{}' } },
      'SDK_MISMATCH',
      /own copy of @stele\/sdk/,
    ],
    [
      'its own copy of the ORM',
      { id: 'bad', server: '', files: { 'node_modules/@mikro-orm/core/package.json': '{}' } },
      'SDK_MISMATCH',
      /own copy of @mikro-orm\/core/,
    ],
  ];
  for (const [name, fixture, code, message] of wrong) {
    it(`refuses ${name}`, async () => {
      await yard.write(fixture);
      await writeFile(join(yard.path, 'plugins/x.js'), '');
      const { listings } = await readCatalogue([folder('site', 'plugins')]);
      const failure = listings[0]?.manifest;
      assert.ok(failure instanceof PluginFailure);
      assert.match(failure.message, message);
      assert.equal(failure.code, code);
    });
  }

  it('refuses a link that leads out of the package', async () => {
    const root = await yard.write({ id: 'bad', stele: { server: './index.js' } });
    await writeFile(join(yard.path, 'secret.js'), '');
    await symlink(join(yard.path, 'secret.js'), join(root, 'index.js'));
    const { listings } = await readCatalogue([folder('site', 'plugins')]);
    const failure = listings[0]?.manifest;
    assert.ok(failure instanceof PluginFailure);
    assert.match(failure.message, /by a symbolic link/);
  });
});

describe('namedFolder', () => {
  it('finds paths and installed packages, and leaves ids alone', async () => {
    await using yard = await PluginYard.open();
    await yard.write({ id: '@me/driver' }, 'node_modules');
    const below = join(yard.path, 'site/deep');
    assert.equal(namedFolder('@me/driver', below), join(yard.path, 'node_modules/@me/driver'));
    assert.equal(namedFolder('./x', below), join(below, 'x'));
    assert.equal(namedFolder('../x', below), join(yard.path, 'site/x'));
    assert.equal(namedFolder('/opt/x', below), '/opt/x');
    assert.equal(namedFolder('engine-podman', below), undefined);
  });
});
