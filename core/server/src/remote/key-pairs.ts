import type { EntityManager } from '@mikro-orm/core';
import type { LoginKey } from '@stele/sdk';
import type { Viewer } from '../accounts/index.ts';
import { advisoryLocks, type Database, KeyPair, type SecretBox } from '../model/index.ts';
import { checkedCertificate } from './certificate.ts';
import { noKeyYet, noPreviousKey, previousInUse } from './errors.ts';
import { newOpenSshKey } from './openssh-key.ts';

/** Whose a key is. */
export type KeyOwner = Pick<Viewer, 'id' | 'username'> | 'platform';

/** What keys are made with. */
export interface KeyPairsParts {
  readonly database: Database;
  readonly secrets: SecretBox;
  /** Host name of the site: part of the comment by which people know a key again. */
  readonly site: string;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** The SSH keys of users and of the platform. A private half leaves it only to log in somewhere. */
export class KeyPairs {
  readonly #parts: KeyPairsParts;
  readonly #now: () => number;

  constructor(parts: KeyPairsParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  /** What there is: the key that is used, then the one before it while that is kept. */
  async list(owner: KeyOwner): Promise<KeyPair[]> {
    return this.#parts.database.em().find(KeyPair, { user: userOf(owner) }, { orderBy: { slot: 'asc' } });
  }

  /** The key that is used, made on first use. */
  async current(owner: KeyOwner): Promise<KeyPair> {
    const [first] = await this.list(owner);
    return first ?? this.#locked(async (em) => (await find(em, owner, 'current')) ?? this.#make(em, owner));
  }

  /** The key before the one that is used, while it is kept. */
  async previous(owner: KeyOwner): Promise<KeyPair | undefined> {
    return (await find(this.#parts.database.em(), owner, 'previous')) ?? undefined;
  }

  /**
   * What to log in with: the key that is used, made on first use; then the one before it while that is kept. Plain SQL: it
   * runs with every look at a folder.
   */
  async forLogIn(owner: KeyOwner): Promise<[current: LoginKey, previous?: LoginKey]> {
    const [current, previous] = await this.#parts.database.orm.em
      .getConnection()
      .execute<KeyRow[]>(`${keyRows} where user_id is not distinct from ? order by slot`, [userOf(owner)]);
    const key = current ? this.#usable(current) : this.#usable(keyRowOf(await this.current(owner)));
    return previous ? [key, this.#usable(previous)] : [key];
  }

  /** Makes a new one; the one so far stays usable until {@link KeyPairs.dropPrevious}. CONFLICT while another does. */
  async rotate(owner: KeyOwner): Promise<KeyPair> {
    return this.#locked(async (em) => {
      if (await find(em, owner, 'previous')) throw previousInUse();
      const now = await find(em, owner, 'current');
      if (now) em.assign(now, { slot: 'previous', rotatedAt: new Date(this.#now()) });
      await em.flush();
      return this.#make(em, owner);
    });
  }

  /** Forgets the key before the one that is used: the new one is known everywhere. */
  async dropPrevious(owner: KeyOwner): Promise<void> {
    const where = { user: userOf(owner), slot: 'previous' } as const;
    if ((await this.#parts.database.em().nativeDelete(KeyPair, where)) === 0) throw noPreviousKey();
  }

  /** Sets the certificate of the key that is used; `null` takes it away. */
  async certify(owner: KeyOwner, line: string | null): Promise<KeyPair> {
    const em = this.#parts.database.em();
    const key = await find(em, owner, 'current');
    if (!key) throw noKeyYet();
    key.certificate = line === null ? null : checkedCertificate(line, key.publicKey, this.#now());
    await em.flush();
    return key;
  }

  /** The private half. For logging in, and nothing else. */
  open(key: KeyPair): string {
    return this.#parts.secrets.open(key.privateKey, purposeOf(key.id));
  }

  #usable({ id, sealed, certificate }: KeyRow): LoginKey {
    const privateKey = this.#parts.secrets.open(sealed, purposeOf(id));
    return { privateKey, ...(certificate === null ? {} : { certificate }) };
  }

  /** One at a time: two first uses at once would make two keys, and the platform's are told apart by no constraint. */
  #locked<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.#parts.database.em().transactional(async (em) => {
      await em.execute('select pg_advisory_xact_lock(?)', [advisoryLocks.makingKeys]);
      return work(em);
    });
  }

  async #make(em: EntityManager, owner: KeyOwner): Promise<KeyPair> {
    const name = `stele${owner === 'platform' ? '' : `:${owner.username}`}@${this.#parts.site}`;
    const { publicKey, privateKey } = newOpenSshKey(name);
    const values = { user: userOf(owner), name, publicKey, privateKey: '', createdAt: new Date(this.#now()) };
    const key = em.create(KeyPair, values);
    key.privateKey = this.#parts.secrets.seal(privateKey, purposeOf(key.id));
    await em.flush();
    return key;
  }
}

interface KeyRow {
  readonly id: string;
  readonly sealed: string;
  readonly certificate: string | null;
}

const keyRows = 'select id, private_key as sealed, certificate from key_pairs';

const keyRowOf = ({ id, privateKey, certificate }: KeyPair): KeyRow => ({
  id,
  sealed: privateKey,
  certificate: certificate ?? null,
});

const userOf = (owner: KeyOwner): string | null => (owner === 'platform' ? null : owner.id);

/** Of this row: a sealed key that somebody copies into another's row can't be opened there. */
const purposeOf = (id: string): string => `ssh-key:${id}`;

async function find(em: EntityManager, owner: KeyOwner, slot: KeyPair['slot']): Promise<KeyPair | null> {
  return em.findOne(KeyPair, { user: userOf(owner), slot });
}
