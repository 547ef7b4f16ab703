import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readlink, realpath, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { databaseHomeGone, socketDirTaken } from '../errors.ts';
import { canReach, type DatabaseOwner, makeShelter } from './owner.ts';

/** Folders of one embedded database. */
export interface DatabaseHome {
  /** PostgreSQL's data directory; may not exist yet. */
  readonly data: string;
  /** Where its socket is. */
  readonly socketDir: string;
}

/** Linux takes 107 bytes; `/.s.PGSQL.5432` is 14 of them. */
const socketDirLimit = 107 - 14;

/**
 * Makes `dataDir/postgres` and what is in it. As root, with a data folder below one that is closed to PostgreSQL's user
 * (such as `/root`), the files lie below `shelter` and `dataDir/postgres` is a link to them.
 */
export async function prepareHome(dataDir: string, owner: DatabaseOwner, shelter: string): Promise<DatabaseHome> {
  const home = await homeFolder(dataDir, owner, shelter);
  await makeOwned(home, owner);
  return { data: join(home, 'data'), socketDir: await socketFolder(home, owner) };
}

async function homeFolder(dataDir: string, owner: DatabaseOwner, shelter: string): Promise<string> {
  const place = join(dataDir, 'postgres');
  const target = await readlink(place).catch(() => undefined);
  if (target !== undefined) return await existing(place, target);
  if (owner.other !== undefined) await openForPassing(dataDir);
  if (await canReach(dataDir, owner)) return place;
  const sheltered = join(shelter, randomBytes(8).toString('hex'));
  await makeShelter(shelter);
  await mkdir(sheltered, { mode: 0o700 });
  // For whoever finds the folder there and wonders whose it is.
  await writeFile(`${sheltered}.belongs-to`, `${place}\n`);
  await symlink(sheltered, place);
  return sheltered;
}

/** A link whose target is gone means data that is missing, not a database to make. */
async function existing(link: string, target: string): Promise<string> {
  const isThere = await stat(target).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isThere) throw databaseHomeGone(link, target);
  return await realpath(target);
}

/** The data folder is ours; PostgreSQL's user gets through it, without seeing what is in it. */
async function openForPassing(dataDir: string): Promise<void> {
  const { mode } = await stat(dataDir);
  if ((mode & 0o001) === 0) await chmod(dataDir, (mode & 0o777) | 0o111);
}

async function socketFolder(home: string, owner: DatabaseOwner): Promise<string> {
  const beside = join(home, 'run');
  if (Buffer.byteLength(beside) <= socketDirLimit) return await makeOwned(beside, owner);
  const name = createHash('sha256').update(home).digest('hex').slice(0, 16);
  return await makeOwned(join(tmpdir(), `stele-${name}`), owner);
}

/** A folder that only `owner` enters. In a shared place somebody else may have made one by that name: that is refused. */
async function makeOwned(path: string, { other }: DatabaseOwner): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const made = await mkdir(path, { mode: 0o700 }).then(() => true, unlessThere);
  if (made && other !== undefined) await chown(path, other.uid, other.gid);
  const found = await lstat(path);
  const expected = other?.uid ?? process.getuid?.();
  if (!found.isDirectory() || (found.uid !== expected && !(await isFreshlyOurs(path, other))))
    throw socketDirTaken(path);
  await chmod(path, 0o700);
  return path;
}

/** A folder that we made as ourselves (before a crash came between), now handed over. */
async function isFreshlyOurs(path: string, other: DatabaseOwner['other']): Promise<boolean> {
  const { uid } = await lstat(path);
  if (other === undefined || uid !== process.getuid?.()) return false;
  await chown(path, other.uid, other.gid);
  return true;
}

function unlessThere(error: NodeJS.ErrnoException): false {
  if (error.code === 'EEXIST') return false;
  throw error;
}
