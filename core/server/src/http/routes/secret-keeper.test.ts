import assert from 'node:assert/strict';
import { type AuthCredentials, type AuthProvider, hasCode, type Registry, SteleError } from '@stele/sdk';
import { testCall } from '@stele/sdk/testing';
import { TestAccounts } from '../../accounts/testing.ts';
import { type Database, User } from '../../model/index.ts';
import { openTestDatabase } from '../../model/testing.ts';
import type { PeopleParts } from './me-view.ts';
import { secretKeeper, secretKeepers, setSecret, userWith } from './secret-keeper.ts';

const secrets = { word: 'a secret' };

class MemorySecrets implements AuthCredentials {
  readonly fields = {};
  readonly kept = new Map<string, unknown>();

  async has(subject: string): Promise<boolean> {
    return this.kept.has(subject);
  }

  async set(subject: string, values: unknown): Promise<void> {
    this.kept.set(subject, values);
  }

  async proves(): Promise<boolean> {
    return assert.fail('nobody asks');
  }

  async remove(subject: string): Promise<void> {
    this.kept.delete(subject);
  }
}

const provider = (more: Partial<AuthProvider> = {}): AuthProvider => ({
  ...{ title: 'x', kind: 'form', bringsUsers: false },
  begin: () => assert.fail(),
  complete: () => assert.fail(),
  ...more,
});

describe('who keeps the secret of a user', () => {
  let database: Database;
  let accounts: TestAccounts;
  let near: MemorySecrets;

  before(async () => (await openTestDatabase()).close()).timeout(60_000);
  beforeEach(async () => {
    database = await openTestDatabase();
    accounts = new TestAccounts(database);
    near = new MemorySecrets();
  });
  afterEach(() => database.close());

  const partsWith = (items: Record<string, AuthProvider>): PeopleParts => {
    const list = () => Object.entries(items).map(([id, item]) => ({ id, item, plugin: 'test' }));
    const providers: Registry<AuthProvider> = { get: (id) => items[id], list, onChange: () => assert.fail() };
    return { accounts, providers, call: () => testCall() };
  };
  const made = (name = 'ada'): Promise<User> => accounts.users.insert({ email: `${name}@example.org`, name });
  const set = async (parts: PeopleParts, user: User): Promise<void> => {
    const keeper = await secretKeeper(parts, user);
    assert(keeper);
    await setSecret(parts, user, keeper, secrets, testCall());
  };
  const idsOf = async (parts: PeopleParts, user: User): Promise<string[]> =>
    (await secretKeepers(parts, user)).map(({ id }) => id);

  it('is, of one who was made here, a provider that keeps some and brings nobody, whatever it is called', async () => {
    const parts = partsWith({
      sso: provider({ kind: 'redirect', bringsUsers: true }),
      directory: provider({ bringsUsers: true, credentials: new MemorySecrets() }),
      cards: provider(),
      words: provider({ credentials: near }),
    });
    const ada = await made();
    assert.deepEqual(await idsOf(parts, ada), ['words']);
    await set(parts, ada);
    assert.deepEqual([...near.kept], [['ada@example.org', secrets]]);
    const [identity] = await accounts.identities.list(ada.id);
    assert.deepEqual([identity?.provider, identity?.subject], ['words', 'ada@example.org']);
  });

  it('is, of one who came with a provider, that one and no other', async () => {
    const identity = { provider: 'directory', issuer: 'ldaps://directory.example', subject: 'uid=ada' };
    const ada = await accounts.users.insert({ email: 'ada@example.org', name: 'Ada', identity });
    const far = new MemorySecrets();
    const words = provider({ credentials: near });
    const directory = provider({ bringsUsers: true, credentials: far });
    await set(partsWith({ words, directory }), ada);
    assert.deepEqual([[...near.kept.keys()], [...far.kept.keys()]], [[], ['uid=ada']]);
    assert.equal((await accounts.identities.list(ada.id)).length, 1);
    assert.equal(await secretKeeper(partsWith({ words }), ada), undefined);
    assert.equal(await secretKeeper(partsWith({ words, directory: provider() }), ada), undefined);
  });

  it('is nobody without such a provider', async () => {
    assert.equal(await secretKeeper(partsWith({ cards: provider() }), await made()), undefined);
  });

  it('is the one that has it, though others come, in whatever order', async () => {
    const words = provider({ credentials: near });
    const another = provider({ credentials: new MemorySecrets() });
    const [ada, grace] = [await made(), await made('grace')];
    await set(partsWith({ words }), ada);
    for (const parts of [partsWith({ another, words }), partsWith({ words, another })]) {
      assert.deepEqual(await idsOf(parts, ada), ['words', 'another']);
      assert.deepEqual(await idsOf(parts, grace), ['another', 'words']);
    }
  });

  it('never takes a secret for somebody whose address it knows as another’s', async () => {
    const parts = partsWith({ words: provider({ credentials: near }) });
    const ada = await made();
    await set(parts, ada);
    await database.em().nativeUpdate(User, { id: ada.id }, { email: 'lovelace@example.org' });
    const [moved, heir] = [await userWith(parts, ada.id), await made()];
    assert.equal((await secretKeeper(parts, moved))?.subject, 'ada@example.org');
    assert.equal(await secretKeeper(parts, heir), undefined);
  });

  it('is believed only when it has taken one', async () => {
    const parts = partsWith({ words: provider({ credentials: near }) });
    const ada = await made();
    near.set = () => Promise.reject(new SteleError('INVALID', 'Too short.', { field: 'word' }));
    await assert.rejects(set(parts, ada), (error) => hasCode(error, 'INVALID'));
    assert.deepEqual(await accounts.identities.list(ada.id), []);
  });
});
