import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { hasCode } from '@stele/sdk';
import type { Problem } from '@stele/sdk/api';
import { Computing, type Database } from '../model/index.ts';
import { openTestDatabase } from '../model/testing.ts';
import { longestCall, parseCall } from './call.ts';
import { CallLimit } from './rates.ts';
import { CalledPlatform, callText } from './testing.ts';

const secret = 'ab'.repeat(32);
const other = 'cd'.repeat(32);

describe('a call of a task', () => {
  it('is read with all that it tells', () => {
    assert.deepEqual(parseCall(Buffer.from(callText({ secret, step: 7, urgent: 'yes', final: 'yes' }, 'a\n\nb\0'))), {
      ...{ secret, step: 7, isUrgent: true, isFinal: true, text: 'a\n\nb\uFFFD' },
    });
    assert.equal(parseCall(Buffer.from(callText({ ticket: 't', secret, step: 0 }))).ticket, 't');
  });

  const wrong: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['no empty line', `secret=${secret}\nstep=1\n`],
    ['no secret', callText({ step: 1 })],
    ['a short secret', callText({ secret: 'ab', step: 1 })],
    ['no step', callText({ secret })],
    ['a step below none', callText({ secret, step: -1 })],
    ['a step that is no number', callText({ secret, step: '1e3' })],
    ['a step beyond all', callText({ secret, step: '9'.repeat(12) })],
    ['a ticket in a later step', callText({ ticket: 't', secret, step: 1 })],
    ['no ticket in the first', callText({ secret, step: 0 })],
    ['a head without an end', `secret=${secret}\nstep=1\n${'x'.repeat(2_000)}\n\n`],
  ];
  for (const [what, body] of wrong) {
    it(`is none with ${what}`, () => {
      assert.throws(
        () => parseCall(Buffer.from(body)),
        (error) => hasCode(error, 'INVALID'),
      );
    });
  }
});

describe('calls of tasks', () => {
  let database: Database;
  let platform: CalledPlatform;
  let second: CalledPlatform;
  let address: string | undefined;
  let resource: string;
  let url: string;
  let ticket: string;
  const key = 'abcdefghij012345';
  const networks = ['10.20.0.0/16', '127.0.0.0/8'];

  before(async () => void (database = await openTestDatabase())).timeout(60_000);
  after(() => database.close());
  beforeEach(async () => {
    address = undefined;
    const limit = new CallLimit({ perTask: 1_000, strangers: 1_000 });
    platform = await CalledPlatform.open({ database, limit, address: () => address });
    second = await CalledPlatform.open({ database, limit });
    resource = randomUUID();
    const em = database.em();
    const row = { id: resource, name: 'Far', driver: 'x', access: 'api', auth: 'none', accessConf: {}, conf: {} };
    em.persist(em.create(Computing, { ...row, engines: [], ownerKind: 'platform' } as never));
    await em.flush();
    ({ url, ticket } = await platform.service.open({ resource, key, networks, parcel: 'what to run: s3cret' }));
  });
  afterEach(async () => {
    await platform[Symbol.asyncDispose]();
    await second[Symbol.asyncDispose]();
  });

  /** Status, and the code of the problem or what was handed out. */
  async function call(body: string | Buffer, to = url): Promise<readonly [number, string]> {
    const response = await fetch(to, { method: 'POST', body: new Uint8Array(Buffer.from(body)) });
    const text = await response.text();
    return [response.status, response.ok ? text : (JSON.parse(text) as Problem).code];
  }
  const begin = (own = secret, shown = ticket) => call(callText({ ticket: shown, secret: own, step: 0 }));
  const tell = (step: number, text: string, own = secret, more: object = {}) =>
    call(callText({ secret: own, step, ...more }, text));
  const told = async () => (await platform.service.read(resource, [key])).get(key);
  const state = async (): Promise<unknown> => {
    const sql = 'select secret_hash, step, text, is_final, heard_at, parcel from callbacks where id = ?';
    return database.orm.em.getConnection().execute(sql, [url.slice(-36)]);
  };
  async function changesNothing(work: () => Promise<unknown>): Promise<void> {
    const before = await state();
    await work();
    assert.deepEqual(await state(), before);
  }

  it('hand out what is to run once, and are accepted step by step', async () => {
    assert.deepEqual(await told(), { text: '' });
    assert.deepEqual(await begin(), [200, 'what to run: s3cret']);
    assert.equal((await told())?.step, 0);
    assert.deepEqual(await tell(1, 'one'), [204, '']);
    assert.deepEqual(await tell(2, 'two'), [204, '']);
    const { step, text, heardAt } = (await told()) ?? {};
    assert.deepEqual([step, text], [2, 'two']);
    assert.ok(Math.abs(Date.parse(heardAt ?? '') - Date.now()) < 60_000);
  });

  it('keep secrets out of the database, and forget what was handed out', async () => {
    const rows = async () => JSON.stringify(await database.orm.em.getConnection().execute('select * from callbacks'));
    assert.doesNotMatch(await rows(), /s3cret/);
    await begin();
    await tell(1, 'one');
    const all = await rows();
    assert.ok(!all.includes(secret) && !all.includes(ticket));
    assert.match(all, /"parcel":null/);
  });

  it('are accepted once when they are repeated, also at another replica at the same moment', async () => {
    await begin();
    const elsewhere = url.replace(/:\d+\//, `:${new URL(second.service.origin()).port}/`);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => call(callText({ secret, step: 1 }, 'one'), index % 2 ? url : elsewhere)),
    );
    assert.deepEqual(
      answers.map(([status]) => status).sort((one, other) => one - other),
      [204, ...Array.from({ length: 7 }, () => 409)],
    );
    await changesNothing(async () => assert.deepEqual(await tell(1, 'other'), [409, 'CONFLICT']));
  });

  it('come in order', async () => {
    await begin();
    await changesNothing(async () => assert.deepEqual(await tell(2, 'two'), [400, 'INVALID']));
  });

  it('need the secret of the task', async () => {
    await changesNothing(async () => assert.deepEqual(await tell(1, 'one'), [403, 'DENIED']));
    await begin();
    await changesNothing(async () => assert.deepEqual(await tell(1, 'one', other), [403, 'DENIED']));
    await changesNothing(async () => assert.deepEqual(await begin(other), [403, 'DENIED']));
    const forged = randomBytes(32).toString('base64url');
    await changesNothing(async () => assert.deepEqual(await begin(secret, forged), [403, 'DENIED']));
  });

  it('give the ticket to whom shows it first, who may lose the answer', async () => {
    const answers = await Promise.all([begin(secret), begin(other), begin(secret), begin(other)]);
    const good = answers.filter(([status]) => status === 200);
    assert.equal(good.length, 2);
    assert.deepEqual(answers[0], answers[2]);
    assert.deepEqual(answers[1], answers[3]);
    const own = answers[0]?.[0] === 200 ? secret : other;
    await tell(1, 'one', own);
    await changesNothing(async () => assert.deepEqual(await begin(own), [409, 'CONFLICT']));
  });

  it('come from the networks that the resource declares', async () => {
    for (const from of ['192.0.2.1', '10.21.0.1', '::1', 'fd00::1']) {
      address = from;
      await changesNothing(async () => assert.deepEqual(await begin(), [403, 'DENIED'], from));
    }
    address = '::ffff:10.20.3.4';
    assert.equal((await begin())[0], 200);
    address = '192.0.2.1';
    await changesNothing(async () => assert.deepEqual(await tell(1, 'one'), [403, 'DENIED']));
  });

  it('end with the last one, and with the task', async () => {
    await begin();
    assert.equal((await tell(1, 'over', secret, { final: 'yes' }))[0], 204);
    await changesNothing(async () => assert.deepEqual(await tell(2, 'more'), [409, 'CONFLICT']));
    await platform.service.close(resource, key);
    assert.deepEqual(await tell(2, 'more'), [404, 'NOT_FOUND']);
    assert.deepEqual(await begin(), [404, 'NOT_FOUND']);
    assert.equal(await told(), undefined);
    await platform.service.close(resource, key);
  });

  it('are of one task alone', async () => {
    const mine = await platform.service.open({ resource, key: 'zzzzzzzzzzzzzzzz', networks, parcel: 'mine' });
    await begin();
    const foreign = () => call(callText({ ticket: mine.ticket, secret: other, step: 0 }));
    await changesNothing(async () => assert.deepEqual(await foreign(), [403, 'DENIED']));
    assert.deepEqual(await call(callText({ ticket: mine.ticket, secret: other, step: 0 }), mine.url), [200, 'mine']);
    await changesNothing(async () => assert.deepEqual(await tell(1, 'one', other), [403, 'DENIED']));
  });

  it('are bounded, and no user’s', async () => {
    await begin();
    const long = callText({ secret, step: 1 }, 'x'.repeat(longestCall));
    await changesNothing(async () => assert.deepEqual(await call(long), [413, 'TOO_LARGE']));
    await changesNothing(async () => assert.deepEqual(await call('{}'), [400, 'INVALID']));
    assert.equal((await fetch(url)).status, 404);
    const forged = await fetch(url, {
      method: 'POST',
      body: callText({ secret, step: 1 }),
      headers: { Origin: 'http://evil.example' },
    });
    assert.equal(forged.status, 403);
  });

  it('ask somebody to look when they are urgent', async () => {
    await begin();
    await tell(1, 'one');
    assert.deepEqual(platform.looked, []);
    await tell(2, 'two', secret, { urgent: 'yes' });
    assert.deepEqual(platform.looked, [resource]);
  });

  it('open the same place again, with what is to run by then', async () => {
    const again = { resource, key, networks, parcel: 'something else' };
    assert.deepEqual(await platform.service.open(again), { url, ticket });
    assert.deepEqual(await begin(), [200, 'something else']);
    await platform.service.open({ ...again, parcel: 'too late' });
    assert.deepEqual(await begin(), [200, 'something else']);
  });

  it('are refused when there are too many: of a task, and of who guesses', async () => {
    await using strict = await CalledPlatform.open({ database, limit: new CallLimit({ perTask: 5, strangers: 2 }) });
    const { origin } = new URL(strict.service.origin());
    const own = `${origin}${new URL(url).pathname}`;
    for (const name of [randomUUID(), randomUUID()]) {
      assert.deepEqual(await call(callText({ secret, step: 1 }), `${origin}/api/v1/callbacks/${name}`), [
        404,
        'NOT_FOUND',
      ]);
    }
    assert.deepEqual(await call(callText({ secret, step: 1 }), `${origin}/api/v1/callbacks/${randomUUID()}`), [
      429,
      'RATE_LIMIT',
    ]);
    // Whoever calls rightly from the same gateway goes on.
    assert.equal((await call(callText({ ticket, secret, step: 0 }), own))[0], 200);
    for (let step = 1; step <= 4; step += 1) assert.equal((await call(callText({ secret, step }), own))[0], 204);
    const shouted = `${origin}${new URL(url).pathname.replace(/[^/]+$/, (name) => name.toUpperCase())}`;
    for (const to of [own, shouted]) {
      assert.deepEqual(await call(callText({ secret, step: 5 }), to), [429, 'RATE_LIMIT']);
    }
  });

  it('take no networks that are none, and no parcel without an end', async () => {
    const wish = { resource, key, networks, parcel: '' };
    await assert.rejects(platform.service.open({ ...wish, networks: ['x'] }), (error) => hasCode(error, 'INVALID'));
    const large = { ...wish, parcel: 'x'.repeat(1024 ** 2 + 1) };
    await assert.rejects(platform.service.open(large), (error) => hasCode(error, 'LIMIT'));
  });
});
