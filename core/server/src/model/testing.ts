import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '@stele/sdk';
import {
  createDatabase,
  type DatabaseAddress,
  dropDatabase,
  EmbeddedCluster,
  parseAddress,
} from '../postgres/index.ts';
import { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { makeOrm } from './orm.ts';

/** A log that keeps silent. `STELE_TEST_LOG=1` makes it speak. */
export const testLog: Logger = process.env.STELE_TEST_LOG ? console : silent();

function silent(): Logger {
  const nothing = (): void => undefined;
  return { debug: nothing, info: nothing, warn: nothing, error: nothing };
}

/** A server for this process's tests, with one migrated database that each test database is copied from. */
interface TestServer extends AsyncDisposable {
  readonly address: DatabaseAddress;
  readonly template: string;
}

let server: Promise<TestServer> | undefined;
const memory = '/dev/shm';

/**
 * A fresh, migrated database of its own; closing it removes it. `STELE_TEST_DATABASE` says where: `embedded` (default; one
 * PostgreSQL for the whole process) or the `postgres://` URL of a server whose user may create databases.
 */
export async function openTestDatabase(): Promise<Database> {
  server ??= startServer();
  const { address, template } = await server;
  const name = `stele_test_${randomBytes(6).toString('hex')}`;
  await using owned = new AsyncDisposableStack();
  await createDatabase(address, name, template);
  owned.defer(() => dropDatabase(address, name));
  const mine = { ...address, database: name };
  const orm = makeOrm(mine, testLog);
  owned.defer(() => orm.close(true));
  return new Database(orm, mine, owned.move());
}

/** Ends the server of {@link openTestDatabase}. Within mocha it happens by itself after the last test. */
export async function stopTestServer(): Promise<void> {
  const running = server;
  server = undefined;
  await (await running)?.[Symbol.asyncDispose]();
}

async function startServer(): Promise<TestServer> {
  await using owned = new AsyncDisposableStack();
  const url = process.env.STELE_TEST_DATABASE ?? 'embedded';
  const address = url === 'embedded' ? await startEmbedded(owned) : parseAddress(url);
  const template = `stele_template_${randomBytes(6).toString('hex')}`;
  await createDatabase(address, template);
  owned.defer(() => dropDatabase(address, template));
  await migrateOnce({ ...address, database: template });
  const done = owned.move();
  return { address, template, [Symbol.asyncDispose]: () => done.disposeAsync() };
}

async function startEmbedded(owned: AsyncDisposableStack): Promise<DatabaseAddress> {
  // Each database is three hundred files: in memory, where there is enough of it, they are made in a third of the time.
  const dataDir = await temporaryDataDir((await hasRoom(memory)) ? memory : tmpdir());
  owned.defer(() => rm(dataDir, { recursive: true, force: true }));
  // Nothing here outlives the process, so nothing waits for a disk.
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const cluster = owned.use(await EmbeddedCluster.start({ dataDir, log: testLog, settings }));
  return cluster.address('postgres');
}

/** A folder below the system's temporary one, or another. The caller removes it. */
export async function temporaryDataDir(base = tmpdir()): Promise<string> {
  const path = await mkdtemp(join(base, 'stele-test-'));
  await chmod(path, 0o711);
  return path;
}

async function hasRoom(folder: string): Promise<boolean> {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize > 2 ** 31;
}

async function migrateOnce(address: DatabaseAddress): Promise<void> {
  const orm = makeOrm(address, testLog);
  try {
    await migrate(orm, address);
  } finally {
    await orm.close(true);
  }
}

// Mocha's own hook, where there is one: this file is compiled without mocha's types.
(globalThis as { after?: (work: () => Promise<void>) => void }).after?.(stopTestServer);
