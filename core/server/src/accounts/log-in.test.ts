import assert from 'node:assert/strict';
import {
  type AuthCall,
  type AuthCredentials,
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
  /** Somebody who was made here, and whose secret the provider keeps. */
  const withSecret = async (email: string): Promise<User> => {
    const user = await accounts.users.insert({ email, name: email });
    await accounts.identities.entrust(user.id, 'local', user.email);
    return user;
  };
  const withLimits = (loginLimits: LoginLimits): void => void (accounts = new TestAccounts(database, { loginLimits }));

  before(async () => (await openTestDatabase()).close()).timeout(60_000);
  beforeEach(async () => {
    database = await openTestDatabase();
    accounts = new TestAccounts(database);
  });
  afterEach(() => database.close());

  it('begins a session for who a provider vouches for', async () => {
    const user = await withSecret('ada@example.org');
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
    const user = await withSecret('ada@example.org');
    await accounts.users.change(admin, user.id, { isDisabled: true });
    await assert.rejects(byWords('ada@example.org', 'right'), failsWith('DENIED'));
  });

  it('lets nobody in by a form in which a secret of theirs was never set, whatever it says of their address', async () => {
    await accounts.users.insert({ email: 'ada@example.org', name: 'Ada' });
    const { id } = await withSecret('eve@example.org');
    const said: readonly Partial<ExternalIdentity>[] = [
      { subject: 'ada@example.org' },
      { subject: 'ada@example.org', emailVerified: false },
      { subject: 'ADA@example.org' },
      { subject: 'ada@example.org', issuer: 'local' },
      { subject: 'eve@example.org', issuer: 'https://elsewhere.example' },
    ];
    const credentials = {} as AuthCredentials;
    for (const [provider, more] of said.flatMap((one) =>
      ['local', 'words', 'oidc'].map((name) => [name, one] as const),
    )) {
      for (const bringsUsers of [false, true]) {
        const complete = async (): Promise<ExternalIdentity> => {
          return { subject: '', email: 'Ada@Example.org', emailVerified: true, groups: [], role: 'admin', ...more };
        };
        const choice = { id: provider, provider: { ...words, credentials, bringsUsers, complete } };
        const entered = accounts.logIn.byForm(choice, {}, call, { address: '192.0.2.1' });
        await assert.rejects(entered, failsWith('DENIED'), `${provider}: ${JSON.stringify(more)}`);
      }
    }
    assert.equal((await byWords('eve@example.org', 'right')).user, id);
    assert.equal(await database.em().count(User), 2);
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
    await withSecret('ada@example.org');
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
    await withSecret('ada@example.org');
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
    for (const name of ['ada', 'eve']) await withSecret(`${name}@example.org`);
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
    await withSecret('ada@example.org');
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
    assert.deepEqual(await accounts.identities.secretOwner(victim, 'oidc'), { subject: 'subject-1', isKnown: true });
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

  it('are, of who was made here, their address, known once a secret of theirs was set', async () => {
    const ada = await accounts.users.insert({ email: ' Ada@Example.org', name: 'Ada' });
    const owner = { subject: 'ada@example.org', isKnown: false };
    assert.deepEqual(await accounts.identities.secretOwner(ada, 'words'), owner);
    await Promise.all([1, 2, 3, 4].map(() => accounts.identities.entrust(ada.id, 'words', owner.subject)));
    assert.deepEqual(await accounts.identities.secretOwner(ada, 'words'), { ...owner, isKnown: true });
    assert.deepEqual(await accounts.identities.secretOwner(ada, 'others'), owner, 'each provider by itself');
    assert.equal((await enter('words', identity({ subject: 'ada@example.org', emailVerified: false }))).id, ada.id);
    assert.equal((await accounts.identities.list(ada.id)).length, 1);
  });

  it('are no secret of who came with a provider, at another', async () => {
    const user = await enter('oidc', identity());
    assert.deepEqual(await accounts.identities.secretOwner(user, 'oidc'), { subject: 'subject-1', isKnown: true });
    assert.equal(await accounts.identities.secretOwner(user, 'words'), undefined);
  });

  it('stay whose they are when an address becomes another’s', async () => {
    const ada = await accounts.users.insert({ email: 'ada@example.org', name: 'Ada' });
    await accounts.identities.entrust(ada.id, 'words', ada.email);
    await database.em().nativeUpdate(User, { id: ada.id }, { email: 'lovelace@example.org' });
    const heir = await accounts.users.insert({ email: 'ada@example.org', name: 'Ada the second' });
    assert.equal((await enter('words', identity({ subject: 'ada@example.org' }))).id, ada.id);
    assert.equal(await accounts.identities.secretOwner(heir, 'words'), undefined);
    await assert.rejects(accounts.identities.entrust(heir.id, 'words', heir.email), failsWith('CONFLICT'));
    const moved = await database.em().findOneOrFail(User, { id: ada.id });
    assert.deepEqual(await accounts.identities.secretOwner(moved, 'words'), {
      subject: 'ada@example.org',
      isKnown: true,
    });
  });

  it('are let go when they were linked, and not otherwise', async () => {
    const ada = await accounts.users.insert({ email: 'ada@example.org', name: 'Ada' });
    await accounts.identities.entrust(ada.id, 'words', ada.email);
    await accounts.identities.link(ada.id, 'oidc', identity());
    const other = await enter('oidc', identity({ subject: 'subject-2', email: 'grace@example.org' }));
    const [secret, linked] = await accounts.identities.list(ada.id);
    const [own] = await accounts.identities.list(other.id);
    assert.deepEqual([secret?.isLinked, linked?.isLinked, own?.isLinked], [false, true, false]);
    await assert.rejects(accounts.identities.unlink(ada.id, secret!.id), failsWith('CONFLICT'));
    await assert.rejects(accounts.identities.unlink(other.id, own!.id), failsWith('CONFLICT'));
    await assert.rejects(accounts.identities.unlink(other.id, linked!.id), failsWith('NOT_FOUND'));
    await accounts.identities.unlink(ada.id, linked!.id);
    assert.deepEqual(
      (await accounts.identities.list(ada.id)).map(({ id }) => id),
      [secret!.id],
    );
  });

  it('bring nobody where the provider may not', async () => {
    await assert.rejects(accounts.identities.resolve('local', identity(), false), failsWith('DENIED'));
  });

  it('bring one user when the same one comes twice at once', async () => {
    await Promise.allSettled([1, 2, 3, 4].map(() => accounts.identities.resolve('oidc', identity(), true)));
    assert.equal(await database.em().count(User), 1);
  });
});
