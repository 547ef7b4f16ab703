import assert from 'node:assert/strict';
import {
  type AuthCall,
  type AuthProvider,
  type ErrorCode,
  type ExternalIdentity,
  hasCode,
  SteleError,
} from '@stele/sdk';
import { type Database, User } from '../model/index.ts';
import { openTestDatabase, testLog } from '../model/testing.ts';
import type { LoginLimits } from './login-limit.ts';
import { TestAccounts, TestClock } from './testing.ts';

const call: AuthCall = { signal: new AbortController().signal, log: testLog, callback: 'http://localhost/callback' };

const failsWith =
  (code: ErrorCode) =>
  (error: unknown): boolean =>
    hasCode(error, code);

/** Lets everybody in who knows the word `right`, as the address that they give. */
const words: AuthProvider = {
  title: 'Words',
  kind: 'form',
  bringsUsers: false,
  accountOf: ({ email }) => (typeof email === 'string' ? email.trim() : undefined),
  begin: async () => ({ kind: 'form' }),
  complete: async ({ email, password }) => {
    if (password !== 'right') throw new SteleError('DENIED', 'No.');
    return { subject: typeof email === 'string' ? email : '', emailVerified: false, groups: [] };
  },
};

describe('accounts: log-in', () => {
  let database: Database;
  let accounts: TestAccounts;

  const byWords = (email: string, password: string, address = '192.0.2.1', previous?: string) =>
    accounts.logIn.byForm({ id: 'local', provider: words }, { email, password }, call, { address, previous });
  const withLimits = (loginLimits: LoginLimits): void => void (accounts = new TestAccounts(database, { loginLimits }));

  before(async () => (await openTestDatabase()).close()).timeout(60_000);
  beforeEach(async () => {
    database = await openTestDatabase();
    accounts = new TestAccounts(database);
  });
  afterEach(() => database.close());

  it('begins a session for who a provider vouches for', async () => {
    const user = await accounts.users.insert({ email: 'ada@example.org', name: 'Ada' });
    const session = await byWords('ada@example.org', 'right');
    assert.equal(session.user, user.id);
    assert.equal((await accounts.sessions.prove(session.token))?.viewer.id, user.id);
    await assert.rejects(byWords('ada@example.org', 'wrong'), failsWith('DENIED'));
  });

  it('begins a session by a one-time link, with a new token', async () => {
    const user = await accounts.someone();
    const before = await accounts.sessions.begin(user.id, {});
    const { secret } = await accounts.links.create(user.id);
    const session = await accounts.logIn.byLink(secret, { address: '192.0.2.1', previous: before.token });
    assert.equal(session.user, user.id);
    assert.equal(await accounts.sessions.prove(before.token), undefined);
    await assert.rejects(accounts.logIn.byLink(secret, { address: '192.0.2.1' }), failsWith('DENIED'));
  });

  it('lets nobody in whom no account is linked to, and nobody disabled', async () => {
    await assert.rejects(byWords('stranger@example.org', 'right'), failsWith('DENIED'));
    const admin = await accounts.someone('admin');
    const user = await accounts.users.insert({ email: 'ada@example.org', name: 'Ada' });
    await accounts.users.change(admin, user.id, { isDisabled: true });
    await assert.rejects(byWords('ada@example.org', 'right'), failsWith('DENIED'));
  });

  it('stops who guesses at one account, from wherever', async () => {
    withLimits({ perAddress: 100, perAccount: 3 });
    await accounts.users.insert({ email: 'ada@example.org', name: 'Ada' });
    const attempts = Array.from({ length: 3 }, (_, at) => byWords(' Ada@example.org', 'wrong', `192.0.2.${at}`));
    for (const attempt of attempts) await assert.rejects(attempt, failsWith('DENIED'));
    await assert.rejects(byWords('ada@example.org', 'right', '198.51.100.1'), failsWith('LIMIT'));
    await assert.rejects(byWords('eve@example.org', 'wrong', '198.51.100.1'), failsWith('DENIED'));
  });

  it('keeps nobody out because a stranger guesses at their account', async () => {
    withLimits({ perAddress: 100, perAccount: 5, perAccountFromOne: 3 });
    await accounts.users.insert({ email: 'ada@example.org', name: 'Ada' });
    const guess = (address: string) => byWords('ada@example.org', 'wrong', address);
    for (const last of [1, 2, 3]) await assert.rejects(guess(`2001:db8:7:${last}::1`), failsWith('DENIED'));
    for (const last of [4, 5, 6, 7]) await assert.rejects(guess(`2001:db8:7:${last}::1`), failsWith('LIMIT'));
    await byWords('ada@example.org', 'right', '192.0.2.9');
  });

  it('stops who guesses from one address, at whichever account', async () => {
    withLimits({ perAddress: 3, perAccount: 100 });
    for (const name of ['a', 'b', 'c']) await assert.rejects(byWords(`${name}@x.org`, 'wrong'), failsWith('DENIED'));
    await assert.rejects(byWords('d@x.org', 'right'), failsWith('LIMIT'));
    await assert.rejects(accounts.logIn.byLink('guess', { address: '::ffff:192.0.2.1' }), failsWith('LIMIT'));
    await assert.rejects(byWords('d@x.org', 'wrong', '192.0.2.2'), failsWith('DENIED'));
  });

  it('takes an IPv6 network for one address', async () => {
    withLimits({ perAddress: 2, perAccount: 100 });
    await assert.rejects(byWords('a@x.org', 'wrong', '2001:db8:0:1::1'), failsWith('DENIED'));
    await assert.rejects(byWords('a@x.org', 'wrong', '2001:db8:0:1:ffff::2'), failsWith('DENIED'));
    await assert.rejects(byWords('a@x.org', 'wrong', '2001:db8::1:0:0:0:3'), failsWith('LIMIT'));
    await assert.rejects(byWords('a@x.org', 'wrong', '2001:db8:0:2::1'), failsWith('DENIED'));
  });

  it('stops who guesses from one network after the other of an IPv6 site', async () => {
    withLimits({ perAddress: 2, perAccount: 100 });
    await accounts.users.insert({ email: 'ada@example.org', name: 'Ada' });
    const guess = (network: number) => byWords('a@x.org', 'wrong', `2001:db8:7:${network.toString(16)}::1`);
    for (let network = 0; network < 10; network += 1) await assert.rejects(guess(network), failsWith('DENIED'));
    await assert.rejects(byWords('ada@example.org', 'right', '2001:db8:7:ffff::1'), failsWith('LIMIT'));
    await byWords('ada@example.org', 'right', '2001:db8:8::1');
  });

  it('counts many attempts at once as many', async () => {
    withLimits({ perAddress: 100, perAccount: 5 });
    const all = await Promise.allSettled(Array.from({ length: 30 }, () => byWords('ada@example.org', 'wrong')));
    const refused = all.filter((one) => one.status === 'rejected' && hasCode(one.reason, 'LIMIT'));
    assert.equal(refused.length, 25);
  });

  it('is no easier where there are two replicas', async () => {
    const options = { loginLimits: { perAddress: 100, perAccount: 3 }, hasReplicas: true };
    const replicas = [new TestAccounts(database, options), new TestAccounts(database, options)] as const;
    for (const name of ['ada', 'eve']) await accounts.users.insert({ email: `${name}@example.org`, name });
    const at = (number: number, ...attempt: Parameters<typeof byWords>): ReturnType<typeof byWords> => {
      accounts = replicas[number % 2] as TestAccounts;
      return byWords(...attempt);
    };
    const all = await Promise.allSettled([0, 1, 2, 3, 4, 5].map((number) => at(number, 'ada@example.org', 'wrong')));
    assert.equal(all.filter((one) => one.status === 'rejected' && hasCode(one.reason, 'LIMIT')).length, 3);
    await assert.rejects(at(1, 'ada@example.org', 'right', '198.51.100.1'), failsWith('LIMIT'));
    // Who gets in at one is forgiven at the other.
    for (const number of [0, 1, 2, 3, 4]) {
      await assert.rejects(at(number, 'eve@example.org', 'wrong'), failsWith('DENIED'));
      await at(number + 1, 'eve@example.org', 'right');
    }
  });

  it('forgets counts in the database when their time is over', async () => {
    const counted = (): Promise<unknown[]> =>
      database.orm.em.getConnection().execute<unknown[]>('select key from login_attempts');
    const clock = new TestClock();
    accounts = new TestAccounts(database, { hasReplicas: true, now: clock.now });
    await assert.rejects(byWords('ada@example.org', 'wrong'), failsWith('DENIED'));
    await accounts.sweep();
    assert.equal((await counted()).length, 3);
    clock.pass(16 * 60_000);
    await accounts.sweep();
    assert.deepEqual(await counted(), []);
  });

  it('forgets the failures of who gets in', async () => {
    withLimits({ perAddress: 100, perAccount: 3 });
    await accounts.users.insert({ email: 'ada@example.org', name: 'Ada' });
    for (let round = 0; round < 5; round += 1) {
      await assert.rejects(byWords('ada@example.org', 'wrong'), failsWith('DENIED'));
      await byWords('ada@example.org', 'right');
    }
  });
});

describe('accounts: identities', () => {
  let database: Database;
  let accounts: TestAccounts;
  const identity = (more: Partial<ExternalIdentity> = {}): ExternalIdentity => ({
    subject: 'subject-1',
    email: 'ada@example.org',
    emailVerified: true,
    name: 'Ada',
    groups: [],
    ...more,
  });

  /** Whom an identity lets in. */
  const enter = async (provider: string, who: ExternalIdentity): Promise<User> => {
    const found = await accounts.identities.resolve(provider, who, true);
    assert(found.kind === 'user', found.kind);
    return found.user;
  };

  before(async () => (await openTestDatabase()).close()).timeout(60_000);
  beforeEach(async () => {
    database = await openTestDatabase();
    accounts = new TestAccounts(database);
  });
  afterEach(() => database.close());

  it('bring a user once, known again by provider and subject whatever else changes', async () => {
    const user = await enter('oidc', identity());
    assert.deepEqual([user.email, user.role, user.provider], ['ada@example.org', 'standard', 'oidc']);
    const renamed = identity({ email: 'new@example.org', emailVerified: false, name: 'Countess' });
    assert.equal((await enter('oidc', renamed)).id, user.id);
    assert.equal(await database.em().count(User), 1);
  });

  it('never take over an account by its address', async () => {
    const victim = await accounts.users.insert({ email: 'ada@example.org', name: 'Ada' });
    const found = await accounts.identities.resolve('oidc', identity({ email: 'ADA@example.org' }), true);
    assert.deepEqual(found, { kind: 'unlinked', email: 'ada@example.org' });
    await accounts.identities.link(victim.id, 'oidc', identity());
    await accounts.identities.link(victim.id, 'oidc', identity());
    assert.equal((await enter('oidc', identity())).id, victim.id);
    assert.equal(await accounts.identities.subject(victim.id, 'oidc'), 'subject-1');
    assert.equal(await accounts.identities.subject(victim.id, 'local'), 'ada@example.org');
  });

  it('never reserve an address that was not verified', async () => {
    await assert.rejects(
      accounts.identities.resolve('oidc', identity({ emailVerified: false }), true),
      failsWith('DENIED'),
    );
    const { email: _, ...nameless } = identity();
    await assert.rejects(accounts.identities.resolve('oidc', nameless, true), failsWith('DENIED'));
    assert.equal(await database.em().count(User), 0);
  });

  it('are a provider’s own: the same subject elsewhere is somebody else', async () => {
    const one = await enter('one', identity());
    const two = await enter('two', identity({ email: 'other@example.org' }));
    assert.notEqual(one.id, two.id);
    await assert.rejects(accounts.identities.link(two.id, 'one', identity()), failsWith('CONFLICT'));
  });

  it('bring nobody where the provider may not', async () => {
    await assert.rejects(accounts.identities.resolve('local', identity(), false), failsWith('DENIED'));
  });

  it('bring one user when the same one comes twice at once', async () => {
    await Promise.allSettled([1, 2, 3, 4].map(() => accounts.identities.resolve('oidc', identity(), true)));
    assert.equal(await database.em().count(User), 1);
  });
});
