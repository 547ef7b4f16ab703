import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { hasCode } from '@stele/sdk';
import { skip } from '@stele/sdk/testing';
import { type Database, openDatabase } from '../../model/index.ts';
import { temporaryDataDir, testLog } from '../../model/testing.ts';
import type { DatabaseOptions } from '../place.ts';
import { areGone, postmasterOf, processesOn } from './processes.ts';

const child = fileURLToPath(new URL('./testing/platform.ts', import.meta.url));

describe('postgres: embedded database', function () {
  this.timeout(60_000);
  let dataDir: string;
  const data = (): string => join(dataDir, 'postgres', 'data');
  const open = (more: Partial<DatabaseOptions> = {}): Promise<Database> =>
    openDatabase({ url: 'embedded', dataDir, log: testLog, ...more });

  beforeEach(async () => void (dataDir = await temporaryDataDir()));
  afterEach(async () => {
    assert.deepEqual(await processesOn(data()), [], 'a database was left running');
    await rm(dataDir, { recursive: true });
  });

  it('keeps its data over a restart', async () => {
    await using first = await open();
    await first.pluginStore('test').set('key', 'kept');
    await first.close();
    await using second = await open();
    assert.equal(await second.pluginStore('test').get('key'), 'kept');
  });

  it('runs as somebody else than root, and nobody but the platform’s user gets in', async () => {
    await using _ = await open();
    const pid = await postmasterOf(data());
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    assert.doesNotMatch(status, /^Uid:\t0\t/m);
    assert.equal((await stat(join(dataDir, 'postgres'))).mode & 0o077, 0);
    const tcp = await readFile(`/proc/${pid}/net/tcp`, 'utf8');
    assert.doesNotMatch(tcp, /:1538 0{8}:0000 0A/, 'listens on port 5432');
  });

  it('waits for the disk', async () => {
    await using database = await open();
    const [row] = await database.orm.em.getConnection().execute<{ fsync: string }[]>('show fsync');
    assert.equal(row?.fsync, 'on');
  });

  it('comes back by itself when PostgreSQL is killed', async () => {
    await using database = await open();
    await database.pluginStore('test').set('key', 'kept');
    const before = (await postmasterOf(data()))!;
    process.kill(before, 'SIGKILL');
    await until(async () => (await postmasterOf(data())) !== before && (await database.health()).isUp);
    assert.equal(await database.pluginStore('test').get('key'), 'kept');
  });

  it('does not start it again once it was closed, also in the middle of a crash', async () => {
    const database = await open();
    process.kill((await postmasterOf(data()))!, 'SIGKILL');
    await sleep(50);
    await database.close();
    await database.close();
    assert.ok(await areGone(data(), 5_000));
  });

  it('refuses a second platform on the same data folder', async () => {
    await using _ = await open();
    const taken = (error: unknown): boolean =>
      hasCode(error, 'CONFLICT') && error.field === 'data' && error.message.includes(String(process.pid));
    await assert.rejects(open(), taken);
    await using other = await startPlatform(dataDir);
    assert.deepEqual(await other.firstWord, `refused CONFLICT`);
  });

  it('lets one of two that start at once win', async () => {
    const both = await Promise.allSettled([open(), open()]);
    const winners = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    assert.equal(winners.length, 1);
    await winners[0]!.close();
  });

  it('takes over from a platform that was killed, with the PostgreSQL that it left', async () => {
    await using platform = await startPlatform(dataDir);
    assert.equal(await platform.firstWord, 'open');
    platform.child.kill('SIGKILL');
    await once(platform.child, 'exit');
    const orphan = await postmasterOf(data());
    assert.ok((await processesOn(data())).includes(orphan!), 'PostgreSQL outlives the platform');
    await using database = await open();
    assert.equal(await database.pluginStore('test').get('key'), 'from the child');
    assert.notEqual(await postmasterOf(data()), orphan);
  });

  it('ends with the platform on SIGTERM', async () => {
    await using platform = await startPlatform(dataDir);
    assert.equal(await platform.firstWord, 'open');
    platform.child.kill('SIGTERM');
    await once(platform.child, 'exit');
    assert.deepEqual(await processesOn(data()), []);
  });

  it('starts although postmaster.pid names another living process, which it leaves alone', async () => {
    await (await open()).close();
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    await writeFile(join(data(), 'postmaster.pid'), `${stranger.pid}\n${data()}\n`);
    await using database = await open();
    assert.deepEqual(await database.health(), { isUp: true });
    assert.equal(stranger.exitCode, null);
    stranger.kill();
  });

  it('never uses a data directory whose making was interrupted', async () => {
    await (await open()).close();
    await rename(data(), `${data()}.partial`);
    await using database = await open();
    assert.equal(await database.pluginStore('test').get('key'), undefined);
  });

  it('says so when the data folder can’t be written', async () => {
    await writeFile(join(dataDir, 'file'), '');
    const refused = (error: unknown): boolean => hasCode(error, 'DENIED') && error.field === 'data';
    await assert.rejects(open({ dataDir: join(dataDir, 'file', 'below') }), refused);
  });

  it('works below a path that is too long for a socket', async () => {
    const long = join(dataDir, 'a'.repeat(120));
    await using database = await open({ dataDir: long });
    const host = database.address.host!;
    assert.ok(host.startsWith(tmpdir()) && (await lstat(host)).isDirectory());
    assert.equal((await lstat(host)).mode & 0o777, 0o700);
    await database.close();
    await rm(host, { recursive: true });
  });

  it('refuses a socket folder that somebody else laid in the way', async () => {
    const long = join(dataDir, 'b'.repeat(120));
    await using database = await open({ dataDir: long });
    const host = database.address.host!;
    await database.close();
    await rm(host, { recursive: true });
    await symlink(dataDir, host);
    await assert.rejects(open({ dataDir: long }), (error) => hasCode(error, 'CONFLICT')).finally(() => rm(host));
  });

  describe('as root, below a folder that is closed to others', function () {
    before(function () {
      if (process.getuid?.() !== 0) skip(this, 'only root starts it as somebody else');
    });

    it('keeps its files in the shelter, and refuses to begin anew when they are gone', async () => {
      const closed = join(dataDir, 'closed');
      const shelter = join(dataDir, 'shelter');
      await mkdir(closed, { mode: 0o700 });
      await chmod(closed, 0o700);
      const there = { dataDir: join(closed, 'data'), shelter };
      await using database = await open(there);
      await database.pluginStore('test').set('key', 'sheltered');
      await database.close();
      await using again = await open(there);
      assert.equal(await again.pluginStore('test').get('key'), 'sheltered');
      await again.close();
      const names = (await readdir(shelter)).filter((name) => !name.startsWith('postgresql-'));
      assert.deepEqual(names.map((name) => name.replace(/^[0-9a-f]{16}/, 'id')).toSorted(), ['id', 'id.belongs-to']);
      await rm(shelter, { recursive: true });
      await assert.rejects(open(there), (error) => hasCode(error, 'NOT_FOUND'));
    });
  });
});

interface Platform extends AsyncDisposable {
  readonly child: ChildProcess;
  /** `open`, or `refused CODE`. */
  readonly firstWord: Promise<string>;
}

async function startPlatform(dataDir: string): Promise<Platform> {
  const platform = spawn(process.execPath, ['--conditions=source', child, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(platform, 'spawn');
  const firstWord = once(createInterface({ input: platform.stdout! }), 'line').then(([line]) => String(line));
  return {
    child: platform,
    firstWord,
    async [Symbol.asyncDispose]() {
      if (platform.exitCode !== null || platform.signalCode !== null) return;
      platform.kill('SIGTERM');
      await once(platform, 'exit');
    },
  };
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await isSo())) {
    assert.ok(Date.now() < end, 'it did not happen in 20 s');
    await sleep(50);
  }
}
