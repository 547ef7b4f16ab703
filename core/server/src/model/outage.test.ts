import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '@stele/sdk';
import { timeFactor } from '@stele/sdk/testing';
import { createDatabase, EmbeddedCluster } from '../postgres/index.ts';
import { type Database, Group, openDatabase } from './index.ts';
import { openTestDatabase, temporaryDataDir, testLog } from './testing.ts';

const unreachable = (error: unknown): boolean => hasCode(error, 'UNREACHABLE');

describe('model: a site’s own server', function () {
  this.timeout(60_000);
  let serverDir: string;
  let dataDir: string;
  let server: EmbeddedCluster;
  const start = async (): Promise<EmbeddedCluster> => EmbeddedCluster.start({ dataDir: serverDir, log: testLog });
  const url = (): string => {
    const { host, user } = server.address('site');
    return `postgres:///site?host=${encodeURIComponent(host!)}&user=${user}`;
  };
  const open = (): Promise<Database> => openDatabase({ url: url(), dataDir, log: testLog });

  before(async () => {
    [serverDir, dataDir] = await Promise.all([temporaryDataDir(), temporaryDataDir()]);
    server = await start();
    await createDatabase(server.address('postgres'), 'site');
  });
  after(async () => {
    await server.stop();
    await Promise.all([serverDir, dataDir].map((path) => rm(path, { recursive: true })));
  });

  it('may be away for 10 seconds: queries fail at once with UNREACHABLE, and work again by themselves', async () => {
    await using database = await open();
    await addGroup(database, 'before');
    const inFlight = database.orm.em.getConnection().execute('select pg_sleep(30)');
    const began = assert.rejects(inFlight, unreachable);
    await sleep(100);
    await server.stop();
    await began;
    for (const end = Date.now() + 10_000; Date.now() < end; await sleep(500)) {
      const asked = Date.now();
      await assert.rejects(database.em().count(Group), unreachable);
      await assert.rejects(
        database.em().transactional(async (em) => em.count(Group)),
        unreachable,
      );
      await assert.rejects(database.pluginStore('x').get('y'), unreachable);
      assert.equal((await database.health()).isUp, false);
      assert.ok(Date.now() - asked < 1_000 * timeFactor, 'a query hung');
    }
    server = await start();
    assert.equal(await database.em().count(Group, { name: 'before' }), 1);
    assert.deepEqual(await database.health(), { isUp: true });
  });

  it('survives idle connections that the server ends', async () => {
    await using database = await open();
    await Promise.all(Array.from({ length: 5 }, () => database.orm.em.getConnection().execute('select pg_sleep(0.1)')));
    await using other = await open().catch(() => undefined);
    assert.equal(other, undefined, 'one data folder, one platform, whichever the database');
    await database.orm.em
      .getConnection()
      .execute(
        'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
      );
    await sleep(200);
    assert.deepEqual(await database.health(), { isUp: true });
  });

  it('rolls back what was under way, and reports UNREACHABLE', async () => {
    await using database = await open();
    const [away, left] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let begun = 0;
    const work = Array.from({ length: 20 }, (_, at) =>
      database.em().transactional(async (em) => {
        em.create(Group, { name: `half ${at}` });
        await em.flush();
        begun += 1;
        if (begun === 20) left.resolve();
        await away.promise;
      }),
    );
    await left.promise;
    await server.stop();
    away.resolve();
    for (const one of await Promise.allSettled(work)) assert.ok(one.status === 'rejected' && unreachable(one.reason));
    server = await start();
    assert.equal(await database.em().count(Group, { name: { $like: 'half%' } }), 0, 'and the pool has room again');
  });

  it('is migrated once by two platforms that start together', async () => {
    await createDatabase(server.address('postgres'), 'fresh');
    const fresh = url().replace('/site?', '/fresh?');
    const dirs = await Promise.all([temporaryDataDir(), temporaryDataDir(), temporaryDataDir()]);
    const all = await Promise.all(dirs.map((dir) => openDatabase({ url: fresh, dataDir: dir, log: testLog })));
    for (const database of all) assert.equal(await database.em().count(Group), 0);
    await Promise.all(all.map((database) => database.close()));
    await Promise.all(dirs.map((dir) => rm(dir, { recursive: true })));
  });

  it('that is not there at start is UNREACHABLE; a wrong database or URL says what to correct', async () => {
    const options = { dataDir, log: testLog };
    await assert.rejects(openDatabase({ ...options, url: 'postgres://u@127.0.0.1:1/x' }), unreachable);
    const refused = openDatabase({ ...options, url: url().replace('/site?', '/nowhere?') });
    await assert.rejects(refused, (error) => hasCode(error, 'DENIED') && error.field === 'database');
    for (const wrong of ['mysql://u@h/x', 'embedded ', '', 'postgres://host']) {
      const invalid = (error: unknown): boolean => hasCode(error, 'INVALID') && error.field === 'database';
      await assert.rejects(openDatabase({ ...options, url: wrong }), invalid, wrong);
    }
  });

  it('that answers nothing does not hold a health check', async () => {
    await using database = await openTestDatabase();
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const sockets: Socket[] = [];
    silent.on('connection', (socket) => sockets.push(socket));
    const { port } = silent.address() as { port: number };
    const asked = Date.now();
    await assert.rejects(openDatabase({ url: `postgres://u@127.0.0.1:${port}/x`, dataDir, log: testLog }), unreachable);
    assert.ok(Date.now() - asked < 12_000 * timeFactor);
    for (const socket of sockets) socket.destroy();
    silent.close();
    assert.deepEqual(await database.health(), { isUp: true });
  });
});

async function addGroup(database: Database, name: string): Promise<void> {
  const em = database.em();
  em.create(Group, { name });
  await em.flush();
}
