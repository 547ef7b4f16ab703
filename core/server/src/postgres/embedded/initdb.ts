import { execFile } from 'node:child_process';
import { readdir, rename, rm, stat, writeFile, chown } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { initFailed } from '../errors.ts';
import type { Binaries } from './binaries.ts';
import type { DatabaseOwner } from './owner.ts';

const run = promisify(execFile);

/** Name of the database's only role and of its database. */
export const databaseName = 'stele';

/** Makes the data directory on first use: aside, then renamed, so that an interrupted one is never used. */
export async function ensureCluster(binaries: Binaries, data: string, owner: DatabaseOwner): Promise<void> {
  await removePartial(data);
  const isThere = await stat(join(data, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
  if (!isThere) await initialise(binaries, data, owner);
  await writeAuthentication(data, owner);
}

async function removePartial(data: string): Promise<void> {
  const partial = `${basename(data)}.partial`;
  const found = (await readdir(dirname(data))).includes(partial);
  if (found) await rm(join(dirname(data), partial), { recursive: true, force: true });
}

async function initialise(binaries: Binaries, data: string, owner: DatabaseOwner): Promise<void> {
  const partial = `${data}.partial`;
  const argv = ['-D', partial, '-U', databaseName, '--auth=peer', '--encoding=UTF8', '--locale=C.UTF-8'];
  argv.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions');
  try {
    await run(join(binaries.root, 'bin', 'initdb'), argv, { ...identity(owner), cwd: '/', env: cleanEnv() });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw initFailed(`${stdout}\n${stderr}`, error);
  }
  await rename(partial, data);
}

/** Only the platform's own user gets in, by the socket's peer credentials. No password exists that could leak. */
async function writeAuthentication(data: string, owner: DatabaseOwner): Promise<void> {
  await writeOwned(join(data, 'pg_hba.conf'), 'local all all peer map=stele\n', owner);
  await writeOwned(join(data, 'pg_ident.conf'), `stele "${owner.clientName}" ${databaseName}\n`, owner);
}

async function writeOwned(path: string, text: string, { other }: DatabaseOwner): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  if (other !== undefined) await chown(path, other.uid, other.gid);
}

/** Options of a child that runs as `owner`. */
export function identity({ other }: DatabaseOwner): { uid?: number; gid?: number } {
  return other ?? {};
}

/** Nothing of ours is PostgreSQL's business: a stray PGDATA would even mislead it. */
export function cleanEnv(): NodeJS.ProcessEnv {
  return { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' };
}
