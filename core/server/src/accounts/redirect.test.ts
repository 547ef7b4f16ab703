import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  type AuthCall,
  type AuthProvider,
  type ErrorCode,
  type ExternalIdentity,
  hasCode,
  type JsonObject,
} from '@stele/sdk';
import type { Database } from '../model/index.ts';
import { openTestDatabase, testLog } from '../model/testing.ts';
import type { BrowserOrigin } from './log-in.ts';
import { TestAccounts, TestClock } from './testing.ts';

const call: AuthCall = { signal: new AbortController().signal, log: testLog, callback: 'http://localhost/login/sso' };
const failsWith =
  (code: ErrorCode, words = /./) =>
  (error: unknown): boolean =>
    hasCode(error, code) && words.test(error.message);
const minute = 60_000;

/** Believes whatever comes back. */
class Elsewhere implements AuthProvider {
  readonly title = 'Elsewhere';
  readonly kind = 'redirect';
  readonly bringsUsers = true;
  identity: Partial<ExternalIdentity> = {};
  readonly states: JsonObject[] = [];

  begin() {
    const reference = randomUUID();
    const state = { verifier: `canary ${reference}` };
    return Promise.resolve({ kind: 'redirect', url: 'https://sso.example.org', reference, state } as const);
  }

  complete(_input: JsonObject, state: JsonObject): Promise<ExternalIdentity> {
    this.states.push(state);
    const mail = { email: 'ada@example.org', emailVerified: true };
    return Promise.resolve({
      issuer: 'https://sso.example.org',
      subject: 'ada',
      ...mail,
      groups: [],
      ...this.identity,
    });
  }

  logout(kept: JsonObject): Promise<string> {
    return Promise.resolve(`https://sso.example.org/out?${JSON.stringify(kept['token'])}`);
  }
}

describe('accounts: log-in by redirect', () => {
  let database: Database;
  let clock: TestClock;
  let accounts: TestAccounts;
  let provider: Elsewhere;

  before(async () => (await openTestDatabase()).close()).timeout(60_000);
  beforeEach(async () => {
    database = await openTestDatabase();
    clock = new TestClock();
    accounts = new TestAccounts(database, { now: clock.now });
    provider = new Elsewhere();
  });
  afterEach(() => database.close());

  const from = (browser = 'browser', more: Partial<BrowserOrigin> = {}): BrowserOrigin => ({
    address: '192.0.2.1',
    browser,
    ...more,
  });
  const choice = (id = 'sso') => ({ id, provider });
  /** Begins, and gives the answer to come back with. */
  const begin = async (
    browser?: string,
    more?: Partial<BrowserOrigin>,
    id = 'sso',
  ): Promise<Record<string, string>> => {
    const made: { reference?: string } = {};
    const watched: AuthProvider = {
      ...{ title: 'x', kind: 'redirect', bringsUsers: true, complete: () => assert.fail() },
      begin: async () => {
        const begun = await provider.begin();
        made.reference = begun.reference;
        return begun;
      },
    };
    await accounts.logIn.begin({ id, provider: watched }, call, from(browser, more));
    return { code: 'x', some_parameter: made.reference ?? '' };
  };
  const arrive = (answer: JsonObject, browser?: string, more?: Partial<BrowserOrigin>, id = 'sso') =>
    accounts.logIn.arrive(choice(id), answer, call, from(browser, more));
  const denied = failsWith('DENIED', /not begun in this browser/);

  it('gives the provider back what it kept, whatever the parameter is called', async () => {
    const answer = await begin();
    const arrival = await arrive(answer);
    assert.equal(arrival.kind, 'session');
    assert.deepEqual(provider.states, [{ verifier: `canary ${answer['some_parameter']}` }]);
  });

  it('takes an answer once, from the browser that began, for the provider that it began with', async () => {
    const answer = await begin();
    await assert.rejects(arrive(answer, 'another'), denied);
    await assert.rejects(arrive(answer, ''), denied);
    await assert.rejects(arrive(await begin(''), ''), denied, 'who has no secret shares none with a stranger');
    await assert.rejects(arrive(answer, 'browser', {}, 'other'), denied);
    await assert.rejects(arrive({ code: 'x' }), denied);
    await assert.rejects(arrive({}), denied);
    await arrive(answer);
    await assert.rejects(arrive(answer), denied);
    assert.equal(provider.states.length, 1, 'the provider was asked once');
  });

  it('waits ten minutes', async () => {
    const [early, late] = [await begin(), await begin()];
    clock.pass(9 * minute);
    await arrive(early);
    clock.pass(2 * minute);
    await assert.rejects(arrive(late), denied);
  });

  it('remembers eight tabs of a browser, of all browsers what has not expired, and nothing in clear', async () => {
    const answers: JsonObject[] = [];
    for (let count = 0; count < 9; count += 1) {
      answers.push(await begin());
      clock.pass(1000);
    }
    await begin('another');
    const rows = await database.orm.em.getConnection().execute<object[]>('select * from browser_states');
    assert.equal(rows.length, 9);
    assert.doesNotMatch(JSON.stringify(rows), /canary|another/);
    await assert.rejects(arrive(answers[0]!), denied);
    await arrive(answers[1]!);
    clock.pass(11 * minute);
    await accounts.sweep();
    assert.equal((await database.orm.em.getConnection().execute('select 1 from browser_states')).length, 0);
  });

  it('is slowed down for who begins too many', async () => {
    accounts = new TestAccounts(database, { loginLimits: { perAddress: 9, perAccount: 9, begunPerAddress: 2 } });
    await begin();
    await begin();
    await assert.rejects(begin(), failsWith('LIMIT'));
  });

  it('is slowed down for who brings too many answers', async () => {
    accounts = new TestAccounts(database, { loginLimits: { perAddress: 2, perAccount: 9 } });
    for (let count = 0; count < 2; count += 1) await assert.rejects(arrive({ code: 'x' }), denied);
    await assert.rejects(arrive({ code: 'x' }), failsWith('LIMIT'));
  });

  it('knows people by issuer and subject, whatever the provider is called', async () => {
    const one = await arrive(await begin());
    assert(one.kind === 'session');
    const renamed = await arrive(await begin('browser', {}, 'renamed'), 'browser', {}, 'renamed');
    assert(renamed.kind === 'session' && renamed.session.user === one.session.user);
    provider.identity = { issuer: 'https://evil.example' };
    await assert.rejects(arrive(await begin()), failsWith('CONFLICT', /keeps to it/));
    provider.identity = { issuer: 'https://evil.example', email: 'eve@example.org' };
    const other = await arrive(await begin());
    assert(other.kind === 'session' && other.session.user !== one.session.user);
  });

  it('takes no subject that can’t be kept whole', async () => {
    for (const identity of [
      { subject: '' },
      { subject: 'x'.repeat(256) },
      { issuer: '' },
      { issuer: 'x'.repeat(1001) },
    ]) {
      provider.identity = identity;
      await assert.rejects(arrive(await begin()), failsWith('DENIED', /could be kept/));
    }
  });

  it('links for the session that asked, and for no other', async () => {
    const user = await accounts.users.insert({ email: 'ada@example.org', name: 'Ada' });
    const { id } = await accounts.sessions.begin(user.id, {});
    const session = { id, user: user.id };
    const answer = await begin('browser', { session });
    await assert.rejects(arrive(answer, 'browser'), denied);
    const again = await begin('browser', { session });
    const other = await accounts.someone();
    const theirs = { id: (await accounts.sessions.begin(other.id, {})).id, user: other.id };
    await assert.rejects(arrive(again, 'browser', { session: theirs }), denied);
    assert.deepEqual(await arrive(await begin('browser', { session }), 'browser', { session }), { kind: 'linked' });
    const arrival = await arrive(await begin());
    assert(arrival.kind === 'session' && arrival.session.user === user.id);
  });

  it('forgets what was begun in a session that has ended', async () => {
    const user = await accounts.users.insert({ email: 'ada@example.org', name: 'Ada' });
    const begun = await accounts.sessions.begin(user.id, {});
    const session = { id: begun.id, user: user.id };
    const answer = await begin('browser', { session });
    await accounts.sessions.endByToken(begun.token);
    await assert.rejects(arrive(answer, 'browser', { session }), denied);
  });

  it('leads to the provider’s log-out with what it kept, encrypted', async () => {
    provider.identity = { kept: { token: 'canary-token' } };
    const arrival = await arrive(await begin());
    assert(arrival.kind === 'session');
    const rows = await database.orm.em.getConnection().execute<object[]>('select * from sessions');
    assert.doesNotMatch(JSON.stringify(rows), /canary/);
    const choose = (id: string) => (id === 'sso' ? { provider, call } : undefined);
    assert.equal(
      await accounts.logIn.logOut(arrival.session.token, choose),
      'https://sso.example.org/out?"canary-token"',
    );
    assert.equal(await accounts.sessions.prove(arrival.session.token), undefined);
    assert.equal(await accounts.logIn.logOut(arrival.session.token, choose), undefined);
  });

  it('logs out here, whatever becomes of the provider', async () => {
    provider.identity = { kept: { token: 'x' } };
    const gone = await arrive(await begin());
    assert(gone.kind === 'session');
    assert.equal(await accounts.logIn.logOut(gone.session.token, () => undefined), undefined);
    const failing = await arrive(await begin());
    assert(failing.kind === 'session');
    const broken: AuthProvider = {
      ...{ title: 'x', kind: 'redirect', bringsUsers: true },
      begin: () => assert.fail(),
      complete: () => assert.fail(),
      logout: () => Promise.reject(new Error('no')),
    };
    assert.equal(await accounts.logIn.logOut(failing.session.token, () => ({ provider: broken, call })), undefined);
    assert.equal(await accounts.sessions.prove(failing.session.token), undefined);
    provider.identity = { kept: { token: 'x'.repeat(17 * 1024) } };
    const huge = await arrive(await begin());
    assert(huge.kind === 'session');
    assert.equal(await accounts.logIn.logOut(huge.session.token, () => ({ provider, call })), undefined);
  });

  it('demotes no last administrator because a provider says so', async () => {
    const admin = await accounts.someone('admin');
    provider.identity = { role: 'admin' };
    const { session } = (await arrive(await begin())) as { session: { user: string } };
    assert.equal((await accounts.viewer(session.user)).role, 'admin');
    provider.identity = {};
    await accounts.users.change(admin, admin.id, { isDisabled: true });
    await arrive(await begin());
    assert.equal((await accounts.viewer(session.user)).role, 'admin', 'the last one');
    await accounts.someone('admin');
    await arrive(await begin());
    assert.equal((await accounts.viewer(session.user)).role, 'standard');
  });

  it('takes no role that an administrator gave, and gives none that an administrator took until it says so again', async () => {
    const admin = await accounts.someone('admin');
    provider.identity = { role: 'power' };
    const { session } = (await arrive(await begin())) as { session: { user: string } };
    await accounts.users.change(admin, session.user, { role: 'standard' });
    await accounts.users.change(admin, session.user, { role: 'admin' });
    provider.identity = {};
    await arrive(await begin());
    assert.equal((await accounts.viewer(session.user)).role, 'admin');
  });

  it('has groups of each provider apart, many at once', async () => {
    provider.identity = { groups: ['Stars', 'Stars', ' ', 'x'.repeat(201), 'Dust\u0000'] };
    const all = await Promise.allSettled(
      (await Promise.all([1, 2, 3].map(() => begin()))).map((answer) => arrive(answer)),
    );
    const admin = await accounts.someone('admin');
    const names = async (): Promise<string[]> => (await accounts.groups.list(admin)).map(({ name }) => name).toSorted();
    assert(all.some(({ status }) => status === 'fulfilled'));
    assert.deepEqual(await names(), ['Dust', 'Stars']);
    provider.identity = { subject: 'eve', email: 'eve@example.org', groups: ['Stars'] };
    await arrive(await begin('browser', {}, 'other'), 'browser', {}, 'other');
    assert.deepEqual(await names(), ['Dust', 'Stars', 'Stars (other)']);
  });
});
