import { createHash, randomBytes } from 'node:crypto';
import type { PluginStore } from '@stele/sdk';
import { hash, verify } from '@node-rs/argon2';
import { maxLength } from './policy.ts';

/** Argon2id, version 1.3, as OWASP's cheat sheet for password storage has it: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashed passwords by subject. */
export class Passwords {
  readonly #store: PluginStore;
  readonly #nobodys = nobodysHash();

  constructor(store: PluginStore) {
    this.#store = store;
  }

  async has(subject: string): Promise<boolean> {
    return (await this.#hashOf(subject)) !== undefined;
  }

  async set(subject: string, password: string): Promise<void> {
    await this.#store.set(keyOf(subject), await hash(canonical(password), cost));
  }

  async remove(subject: string): Promise<void> {
    await this.#store.delete(keyOf(subject));
  }

  /** Whether this is the subject's password. Takes as long for somebody who has none. */
  async matches(subject: string, password: string): Promise<boolean> {
    const stored = await this.#hashOf(subject);
    // Nobody has a longer one; the same time is spent on its beginning.
    const isRight = await verify(stored ?? this.#nobodys, canonical(password.slice(0, maxLength)));
    return isRight && stored !== undefined && password.length <= maxLength;
  }

  async #hashOf(subject: string): Promise<string | undefined> {
    const stored = await this.#store.get(keyOf(subject));
    return typeof stored === 'string' ? stored : undefined;
  }
}

/** The hash of no password at all, which is as much work to check as another. */
function nobodysHash(): string {
  const { memoryCost, timeCost, parallelism } = cost;
  const random = (length: number): string => randomBytes(length).toString('base64').replaceAll('=', '');
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${random(16)}$${random(32)}`;
}

/** Addresses may be longer than a store's keys. */
function keyOf(subject: string): string {
  return `password:${createHash('sha256').update(subject).digest('hex')}`;
}

/** Keyboards send the same letters in several forms of Unicode. */
function canonical(password: string): string {
  return password.normalize('NFC');
}
