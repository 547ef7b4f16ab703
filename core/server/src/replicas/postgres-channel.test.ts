import assert from 'node:assert/strict';
import { eventually } from '@stele/sdk/testing';
import { Client } from 'pg';
import type { Database } from '../model/index.ts';
import { openTestDatabase, testLog } from '../model/testing.ts';
import type { Message } from './message.ts';
import { PostgresChannel } from './postgres-channel.ts';

const id = 'f0e1d2c3-0000-4000-8000-000000000000';

describe('the channel between replicas', function () {
  this.timeout(20_000);
  let database: Database;
  before(async () => {
    database = await openTestDatabase();
  });
  after(() => database.close());
  const open = (fingerprint = 7): Promise<PostgresChannel> =>
    PostgresChannel.open({ database, fingerprint, log: testLog });
  const hearing = (channel: PostgresChannel): Message[] => {
    const heard: Message[] = [];
    channel.onMessage((message) => heard.push(message));
    return heard;
  };

  it('carries what one tells to the others, in order, and not back', async () => {
    await using first = await open();
    await using second = await open();
    const [own, heard] = [hearing(first), hearing(second)];
    const said = Array.from({ length: 250 }, (_, n): Message => ({ kind: 'poke', computing: `${n}` }));
    for (const message of said) first.tell(message);
    await eventually('all are heard', () => heard.length === said.length);
    assert.deepEqual(heard, said);
    assert.deepEqual(own, []);
  });

  it('tells of what is committed, and of nothing else', async () => {
    await using first = await open();
    await using second = await open();
    const heard = hearing(second);
    const lost = database.em().transactional(async (em) => {
      await first.tellWithin(em, { kind: 'task', id: 'lost' });
      throw new Error('rolled back');
    });
    await assert.rejects(lost, /rolled back/);
    await database.em().transactional((em) => first.tellWithin(em, { kind: 'task', id }));
    await eventually('it is heard', () => heard.length > 0);
    assert.deepEqual(heard, [{ kind: 'task', id }]);
  });

  it('listens again after its connection broke, and says that something may be missing', async () => {
    await using first = await open();
    await using second = await open();
    const heard = hearing(second);
    let gaps = 0;
    second.onGap(() => gaps++);
    const ends = `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'stele replica' and datname = current_database()`;
    await database.em().execute(ends);
    await eventually('the gap is told', () => gaps === 1, 10_000);
    first.tell({ kind: 'task', id });
    await eventually('it hears again', () => heard.length === 1);
  });

  it('overhears what is no message', async () => {
    await using channel = await open();
    const heard = hearing(channel);
    await database.em().execute(`select pg_notify('stele', 'x'), pg_notify('stele', '{"from":"x","kind":"plugins"}')`);
    await eventually('the message is heard', () => heard.length === 1);
  });

  it('refuses a replica with another secret key, and takes it once the others are gone', async () => {
    const first = await open(1);
    await assert.rejects(open(2), { code: 'CONFLICT', field: 'secretKey' });
    await first[Symbol.asyncDispose]();
    await eventually('the other key is free', async () => {
      const channel = await open(2).catch(() => undefined);
      await channel?.[Symbol.asyncDispose]();
      return channel !== undefined;
    });
  });

  it('leaves no connection', async () => {
    const watcher = new Client(database.address);
    await watcher.connect();
    try {
      await eventually('all are gone', async () => {
        const sql = `select 1 from pg_stat_activity where application_name = 'stele replica' and datname = current_database()`;
        return (await watcher.query(sql)).rows.length === 0;
      });
    } finally {
      await watcher.end();
    }
  });
});
