import assert from 'node:assert/strict';
import { lstat, mkdir, readdir, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDataDir } from '../../model/testing.ts';
import { findBinaries, hydrateSymlinks, reachableBinaries } from './binaries.ts';

describe('postgres: PostgreSQL’s binaries', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryDataDir();
    await mkdir(join(folder, 'native', 'bin'), { recursive: true });
    await mkdir(join(folder, 'native', 'lib'), { mode: 0o700 });
    await writeFile(join(folder, 'native', 'bin', 'postgres'), '#!/bin/sh\n', { mode: 0o700 });
    await writeFile(join(folder, 'native', 'lib', 'libpq.so.5.18'), 'library', { mode: 0o600 });
    const links = [{ source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' }];
    await writeFile(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are found for this machine', async () => {
    const { root, version } = await findBinaries();
    assert.ok((await readdir(join(root, 'bin'))).includes('postgres'));
    assert.match(version, /^18\./);
  });

  it('get the links that npm left out, and keep those that are there', async () => {
    await hydrateSymlinks(folder);
    await hydrateSymlinks(folder);
    assert.equal(await readlink(join(folder, 'native/lib/libpq.so.5')), 'libpq.so.5.18');
    await rm(join(folder, 'native/lib/libpq.so.5'));
    await symlink('elsewhere', join(folder, 'native/lib/libpq.so.5'));
    await hydrateSymlinks(folder);
    assert.equal(await readlink(join(folder, 'native/lib/libpq.so.5')), 'elsewhere');
  });

  it('stay where they are when their user reaches them', async () => {
    const binaries = { root: join(folder, 'native'), version: 'x' };
    assert.equal(await reachableBinaries(binaries, { clientName: 'me' }, join(folder, 'shelter')), binaries);
  });

  it('are copied, for all to run, when a strict umask or folder keeps their user out', async () => {
    await hydrateSymlinks(folder);
    const shelter = join(folder, 'shelter');
    const stranger = { clientName: 'root', other: { uid: 65_533, gid: 65_533 } };
    const { root } = await reachableBinaries({ root: join(folder, 'native'), version: 'x' }, stranger, shelter);
    assert.equal(root, join(shelter, 'postgresql-x'));
    const modes: readonly [string, number][] = [
      ['', 0o755],
      ['bin/postgres', 0o755],
      ['lib', 0o755],
      ['lib/libpq.so.5.18', 0o644],
    ];
    for (const [path, mode] of modes) assert.equal((await stat(join(root, path))).mode & 0o777, mode, path);
    assert.ok((await lstat(join(root, 'lib/libpq.so.5'))).isSymbolicLink());
    assert.deepEqual(await readdir(shelter), ['postgresql-x']);
  });

  it('are copied by two that start at the same moment', async () => {
    const shelter = join(folder, 'shelter');
    const stranger = { clientName: 'root', other: { uid: 65_533, gid: 65_533 } };
    const start = () => reachableBinaries({ root: join(folder, 'native'), version: 'x' }, stranger, shelter);
    const both = await Promise.all([start(), start()]);
    assert.deepEqual(new Set(both.map(({ root }) => root)), new Set([join(shelter, 'postgresql-x')]));
    assert.deepEqual(await readdir(shelter), ['postgresql-x']);
  });
});
