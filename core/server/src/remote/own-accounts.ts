import type { ErrorCode } from '@stele/sdk';
import type { CheckResult, RemoteAccountItem } from '@stele/sdk/api';
import type { Viewer } from '../accounts/index.ts';
import type { Call } from '@stele/sdk';
import type { Computings } from '../computing/index.ts';
import { Account, type Computing, type Database } from '../model/index.ts';
import { adviceFor, type Finding, newKeyAlone, needsKey } from './advice.ts';
import { takesNoUserKeys } from './errors.ts';
import type { KeyPairs } from './key-pairs.ts';

/** What users say and see of their accounts on computing resources. */
export class OwnAccounts {
  readonly #database: Database;
  readonly #computings: Computings;
  readonly #keys: KeyPairs;
  readonly #now: () => number;

  constructor(database: Database, computings: Computings, keys: KeyPairs, now: () => number = Date.now) {
    this.#database = database;
    this.#computings = computings;
    this.#keys = keys;
    this.#now = now;
  }

  /** Every resource that the viewer may use with a key of their own. */
  async list(viewer: Viewer): Promise<RemoteAccountItem[]> {
    const { store } = this.#computings;
    const usable = (await store.list(viewer)).filter((one) => isByUserKeys(one) && store.rights(viewer, one).use);
    const rows = await this.#database.em().find(Account, { user: viewer.id });
    const known = new Map(rows.map((row) => [row.computing.id, row]));
    return usable.map((computing) => view(viewer, computing, known.get(computing.id)));
  }

  /** Sets the user name there; `null` goes back to what applies without one. What was checked before says nothing now. */
  async name(viewer: Viewer, id: string, username: string | null): Promise<RemoteAccountItem> {
    const computing = await this.#usable(viewer, id);
    const unchecked = { checkedAt: null, problem: null, problemCode: null, problemField: null };
    const row = await this.#save(viewer, computing, { username, ...unchecked });
    this.#computings.forget(id);
    return view(viewer, computing, row);
  }

  /** Tries whether the viewer gets in with the key that is used, now. */
  async check(viewer: Viewer, id: string, call: Call): Promise<RemoteAccountItem> {
    const computing = await this.#usable(viewer, id);
    const { name, publicKey } = await this.#keys.current(viewer);
    const result = await this.#tried(viewer, computing, call);
    const row = await this.#save(viewer, computing, { checkedAt: new Date(this.#now()), ...problemOf(result) });
    const item = view(viewer, computing, row);
    return needsKey(findingOf(row)) ? { ...item, line: `${publicKey} ${name}` } : item;
  }

  /** Where the new key is refused while one is being replaced, it matters whether the one before still does. */
  async #tried(viewer: Viewer, computing: Computing, call: Call): Promise<CheckResult> {
    const result = await this.#computings.check(viewer, computing, { ...call, isTrial: true });
    if (!needsKey(findingIn(result)) || !(await this.#keys.previous(viewer))) return result;
    const { ok } = await this.#computings.check(viewer, computing, call);
    return ok ? { ...result, field: newKeyAlone } : result;
  }

  async #usable(viewer: Viewer, id: string): Promise<Computing> {
    const computing = await this.#computings.store.get(viewer, id, 'use');
    if (!isByUserKeys(computing)) throw takesNoUserKeys();
    return computing;
  }

  async #save(viewer: Viewer, computing: Computing, values: Partial<Account>): Promise<Account> {
    return this.#database.em().upsert(Account, { user: viewer.id, computing: computing.id, ...values } as never);
  }
}

const isByUserKeys = ({ auth }: Computing): boolean => auth === 'user-keys';

function problemOf({ ok, reason, code, field }: CheckResult) {
  if (ok) return { problem: null, problemCode: null, problemField: null };
  return { problem: reason ?? '', problemCode: code ?? null, problemField: field ?? null };
}

function findingOf(row: Account | undefined): Finding {
  if (!row?.checkedAt) return { state: 'unchecked' };
  const code = row.problemCode ?? undefined;
  return findingIn({ ok: code === undefined, code, field: row.problemField ?? undefined });
}

function findingIn({ ok, code, field }: Pick<CheckResult, 'ok' | 'code' | 'field'>): Finding {
  if (ok) return { state: 'ok' };
  return field === newKeyAlone ? { state: 'replacing' } : { state: 'failing', code: code as ErrorCode, field };
}

function view(viewer: Viewer, { id, name }: Computing, row: Account | undefined): RemoteAccountItem {
  const finding = findingOf(row);
  const missing = adviceFor(finding, row?.username ?? viewer.username);
  return {
    id,
    name,
    ...(row?.username ? { username: row.username } : {}),
    fallback: viewer.username,
    state: finding.state,
    ...(row?.problem ? { reason: row.problem } : {}),
    ...(missing === undefined ? {} : { missing }),
    ...(row?.checkedAt ? { checkedAt: row.checkedAt.toISOString() } : {}),
  };
}
