import assert from 'node:assert/strict';
import type { Json, PluginStore } from '@stele/sdk';
import { describeAuthProvider, rejectsWith, testAuthCall, testCall } from '@stele/sdk/testing';
import { LocalAuth } from './local-auth.ts';
import { Passwords } from './passwords.ts';

class MemoryStore implements PluginStore {
  readonly values = new Map<string, Json>();

  get(key: string): Promise<Json | undefined> {
    return Promise.resolve(this.values.get(key));
  }

  async set(key: string, value: Json): Promise<void> {
    assert(key.length > 0 && key.length <= 200, 'keys have 1–200 characters');
    this.values.set(key, value);
  }

  async delete(key: string): Promise<void> {
    this.values.delete(key);
  }
}

const password = 'a long enough sentence';

async function withAda(store = new MemoryStore()): Promise<LocalAuth> {
  const auth = new LocalAuth(new Passwords(store));
  await auth.credentials.set('ada@example.org', { password }, testCall());
  return auth;
}

describeAuthProvider(
  { describe, it, before, after },
  {
    title: 'local',
    open: () => withAda(),
    form: {
      right: { email: 'ada@example.org', password },
      subject: 'ada@example.org',
      wrong: { email: 'ada@example.org', password: 'another long sentence' },
      unknown: { email: 'nobody@example.org', password },
    },
    credentials: {
      subject: 'grace@example.org',
      values: [{ password: 'first long password' }, { password: 'second long password' }],
      refused: [
        { what: 'nothing', values: {}, field: 'password' },
        { what: 'a number', values: { password: 1_234_567_890 }, field: 'password' },
        { what: 'nine characters', values: { password: 'ninechars' }, field: 'password' },
        { what: 'five wide characters', values: { password: '🚀🚀🚀🚀x' }, field: 'password' },
        { what: 'more than 1,024 characters', values: { password: 'ab'.repeat(513) }, field: 'password' },
        { what: 'one character over and over', values: { password: 'a'.repeat(20) }, field: 'password' },
        { what: 'the address', values: { password: 'Grace@Example.org' }, field: 'password' },
      ],
      login: (email, values) => ({ email, ...values }),
    },
  },
);

describe('log-in with a password', () => {
  it('takes an address as people write it', async () => {
    const identity = await (await withAda()).complete({ email: '  Ada@Example.ORG ', password }, {}, testAuthCall());
    assert.deepEqual(identity, {
      subject: 'ada@example.org',
      email: 'ada@example.org',
      emailVerified: true,
      groups: [],
    });
  });

  it('takes a password however the keyboard composes its letters', async () => {
    const auth = await withAda();
    await auth.credentials.set('ada@example.org', { password: 'cafe\u0301 au lait' }, testCall());
    await auth.complete({ email: 'ada@example.org', password: 'caf\u00e9 au lait' }, {}, testAuthCall());
  });

  it('tells passwords apart to the last of 1,024 characters, and takes none longer', async () => {
    const auth = await withAda();
    const longest = `${'ab'.repeat(511)}cd`;
    await auth.credentials.set('ada@example.org', { password: longest }, testCall());
    await auth.complete({ email: 'ada@example.org', password: longest }, {}, testAuthCall());
    for (const wrong of [`${longest}x`, `${longest.slice(0, -1)}x`]) {
      await rejectsWith('DENIED', auth.complete({ email: 'ada@example.org', password: wrong }, {}, testAuthCall()));
    }
  });

  it('keeps nothing but an Argon2id hash, and no address', async () => {
    const store = new MemoryStore();
    await withAda(store);
    const text = JSON.stringify([...store.values]);
    assert.match(text, /\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    assert(!text.includes(password) && !text.includes('ada'), text);
  });

  it('knows the password again after a restart', async () => {
    const store = new MemoryStore();
    await withAda(store);
    const again = new LocalAuth(new Passwords(store));
    await again.complete({ email: 'ada@example.org', password }, {}, testAuthCall());
  });
});
