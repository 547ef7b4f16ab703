import type { Logger } from '@stele/sdk';
import { messageOf } from '@stele/sdk';
import type { Clock, Revocation, SessionGuard } from './ports.ts';
import type { Seal } from './seal.ts';

/** Something open that ends when its entry does: an answer on its way, a WebSocket. */
export interface Cuttable {
  destroy(): unknown;
}

/** One session that has entered one task. */
export interface Entry {
  /** Task key. */
  readonly task: string;
  readonly taskId: string;
  readonly session: string;
  readonly live: Set<Cuttable>;
  /** Until when the last yes is taken for granted. */
  allowedUntil: number;
  /** Counts the reviews, so that an answer that was on its way during one isn't taken for a new one. */
  reviews: number;
}

const mostCookies = 10_000;

/** Who has entered which task: reads entry cookies, keeps the answers of accounts, ends what is no longer allowed. */
export class Entries implements Disposable {
  readonly #guard: SessionGuard;
  readonly #seal: Seal;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #life: number;
  /** By cookie; only a memory of what {@link Seal.open} said. */
  readonly #cookies = new Map<string, Entry>();
  readonly #entries = new Map<string, Entry>();
  readonly #subscription: Disposable;
  readonly #timer: NodeJS.Timeout;

  constructor(guard: SessionGuard, seal: Seal, clock: Clock, log: Logger, life: number) {
    this.#guard = guard;
    this.#seal = seal;
    this.#clock = clock;
    this.#log = log;
    this.#life = life;
    this.#subscription = guard.onRevoked((what) => void this.#review((entry) => matches(entry, what)));
    this.#timer = setInterval(() => void this.#sweep(), life);
    this.#timer.unref();
  }

  /** A cookie that stands for the visit. */
  cookieFor(task: { id: string; key: string }, session: string): string {
    return this.#seal.close([task.id, task.key, session]);
  }

  /** The entry that a cookie stands for, if it is one for the task with this key. */
  read(cookie: string | undefined, key: string): Entry | undefined {
    if (cookie === undefined) return undefined;
    const entry = this.#cookies.get(cookie) ?? this.#open(cookie);
    return entry?.task === key ? entry : undefined;
  }

  /** Whether accounts said yes not long ago. Then {@link Entries.decide} needn't be waited for. */
  isAllowed(entry: Entry): boolean {
    return entry.allowedUntil > this.#clock.now();
  }

  /** Asks accounts. Rejects when they can't answer. */
  async decide(entry: Entry): Promise<boolean> {
    const asked = this.#clock.now();
    const { reviews } = entry;
    const isAllowed = await this.#guard.mayEnter(entry.session, entry.taskId);
    if (entry.reviews !== reviews) return this.decide(entry);
    if (isAllowed) entry.allowedUntil = asked + this.#life;
    else cut(entry);
    return isAllowed;
  }

  /** A task changed, so may have who may enter it. */
  taskChanged(key: string): void {
    void this.#review((entry) => entry.task === key);
  }

  /** Ends everything that is open to a task. */
  cutTask(key: string): void {
    for (const entry of this.#entries.values()) if (entry.task === key) cut(entry);
  }

  #open(cookie: string): Entry | undefined {
    const fields = this.#seal.open(cookie);
    if (fields === undefined) return undefined;
    const [taskId = '', task = '', session = ''] = fields;
    const name = nameOf({ session, task });
    const entry = this.#entries.get(name) ?? { task, taskId, session, live: new Set(), allowedUntil: 0, reviews: 0 };
    this.#entries.set(name, entry);
    if (this.#cookies.size >= mostCookies) this.#cookies.clear();
    this.#cookies.set(cookie, entry);
    return entry;
  }

  /** What can't be confirmed is ended: a page opens its connections again by itself, a leak can't be taken back. */
  async #review(isMeant: (entry: Entry) => boolean): Promise<void> {
    const meant = [...this.#entries.values()].filter(isMeant);
    for (const entry of meant) {
      entry.allowedUntil = 0;
      entry.reviews += 1;
    }
    await Promise.all(meant.filter(isOpen).map((entry) => this.#recheck(entry, () => cut(entry))));
  }

  /** Sessions also end by time, of which no one tells: what stays open is asked about again and again. */
  async #sweep(): Promise<void> {
    for (const [name, entry] of this.#entries) {
      if (!isOpen(entry) && !this.isAllowed(entry)) this.#entries.delete(name);
    }
    for (const [cookie, entry] of this.#cookies) {
      if (this.#entries.get(nameOf(entry)) !== entry) this.#cookies.delete(cookie);
    }
    const open = [...this.#entries.values()].filter(isOpen);
    await Promise.all(open.map((entry) => this.#recheck(entry, () => undefined)));
  }

  async #recheck(entry: Entry, onUnknown: () => void): Promise<void> {
    try {
      await this.decide(entry);
    } catch (error) {
      this.#log.warn('entry could not be confirmed', { task: entry.task, error: messageOf(error) });
      onUnknown();
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#subscription[Symbol.dispose]();
    for (const entry of this.#entries.values()) cut(entry);
    this.#entries.clear();
    this.#cookies.clear();
  }
}

function nameOf(entry: { session: string; task: string }): string {
  return `${entry.session} ${entry.task}`;
}

function isOpen(entry: Entry): boolean {
  return entry.live.size > 0;
}

function matches(entry: Entry, what: Revocation): boolean {
  if (what.session !== undefined && what.session !== entry.session) return false;
  return what.task === undefined || what.task === entry.taskId;
}

function cut(entry: Entry): void {
  entry.allowedUntil = 0;
  for (const open of entry.live) open.destroy();
  entry.live.clear();
}
