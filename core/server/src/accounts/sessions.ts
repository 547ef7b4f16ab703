import { type Database, Session } from '../model/index.ts';
import type { Viewer } from './decide.ts';
import { noSuchSession } from './errors.ts';
import type { AccountNews } from './events.ts';
import { csrfOf, hashOf, newSecret } from './secret.ts';
import { findViewer, toViewer, viewerColumns } from './viewers.ts';

/** How long sessions live. Milliseconds. */
export interface SessionLimits {
  /** Without being used. */
  readonly idle: number;
  /** In any case. */
  readonly absolute: number;
}

/** Where a log-in came from, for the user to recognise. */
export interface Origin {
  readonly userAgent?: string | undefined;
  readonly address?: string | undefined;
}

/** What a session began with. */
export interface SessionSource {
  /** Id of the auth provider. */
  readonly provider?: string;
  /** What that provider needs for its own log-out, sealed. */
  readonly kept?: string;
  /** When what it began with ends, and it with it. */
  readonly until?: Date;
}

/** A session just begun: the only time that its token is known. */
export interface NewSession {
  readonly id: string;
  readonly token: string;
  readonly csrf: string;
  readonly expiresAt: Date;
}

/** A session that a request proved. */
export interface ProvenSession {
  readonly viewer: Viewer;
  readonly id: string;
  readonly csrf: string;
  readonly expiresAt: Date;
}

const day = 86_400_000;
export const defaultLimits: SessionLimits = { idle: 7 * day, absolute: 30 * day };

/** The last use is written at most this often. */
const useStep = 60_000;

type ViewerRow = Parameters<typeof toViewer>[0];
type ProofRow = ViewerRow & { readonly session: string; readonly expires_at: Date; readonly last_used_at: Date };

interface EndedRow {
  readonly id: string;
  readonly user_id: string;
  readonly provider: string | null;
  readonly kept: string | null;
}

/** Log-ins of browsers. A session is known by an opaque token, of which only the hash is stored. */
export class Sessions {
  readonly #database: Database;
  readonly #news: AccountNews;
  readonly #limits: SessionLimits;
  readonly #now: () => number;

  constructor(database: Database, news: AccountNews, limits = defaultLimits, now: () => number = Date.now) {
    this.#database = database;
    this.#news = news;
    this.#limits = limits;
    this.#now = now;
  }

  /** Begins a session. A token that the browser came with is ended: nobody can plant one and wait for the log-in. */
  async begin(
    userId: string,
    { userAgent, address }: Origin,
    previous?: string,
    { until, ...by }: SessionSource = {},
  ): Promise<NewSession> {
    if (previous !== undefined) await this.endByToken(previous);
    const token = newSecret();
    const em = this.#database.em();
    const session = em.create(Session, {
      hash: hashOf(token),
      user: userId,
      createdAt: new Date(this.#now()),
      lastUsedAt: new Date(this.#now()),
      expiresAt: new Date(Math.min(this.#now() + this.#limits.absolute, until?.getTime() ?? Number.POSITIVE_INFINITY)),
      userAgent: cut(userAgent, 256),
      address: cut(address, 64),
      ...by,
    });
    await em.flush();
    return { id: session.id, token, csrf: csrfOf(token), expiresAt: session.expiresAt };
  }

  /** Who holds this token; `undefined` when it is no (living) session's, or its user was disabled. */
  async prove(token: string): Promise<ProvenSession | undefined> {
    const sql = `select ${viewerColumns}, s.id as session, s.expires_at, s.last_used_at
      from sessions s join users u on u.id = s.user_id where s.hash = ? and ${alive}`;
    const [row] = await this.#run<ProofRow>(sql, [hashOf(token), ...this.#aliveParams()]);
    if (!row) return undefined;
    if (this.#now() - new Date(row.last_used_at).getTime() > useStep) await this.#used(row.session);
    return { viewer: toViewer(row), id: row.session, csrf: csrfOf(token), expiresAt: new Date(row.expires_at) };
  }

  /** Whose session this is, by its id: for what was opened in its name. `undefined` once it has ended. */
  async viewer(sessionId: string): Promise<Viewer | undefined> {
    const sql = `select s.user_id from sessions s join users u on u.id = s.user_id where s.id = ? and ${alive}`;
    const [row] = await this.#run<{ user_id: string }>(sql, [sessionId, ...this.#aliveParams()]);
    return row && (await findViewer(this.#database, row.user_id));
  }

  /** A use that is not a request, such as traffic to a task: keeps the session from going idle. */
  async touch(sessionId: string): Promise<void> {
    await this.#used(sessionId);
  }

  /** Living sessions of a user, the last used first. */
  async list(userId: string): Promise<Session[]> {
    const where = { user: userId, expiresAt: { $gt: new Date(this.#now()) }, lastUsedAt: { $gt: this.#idleSince() } };
    return await this.#database.em().find(Session, where, { orderBy: { lastUsedAt: 'desc' } });
  }

  /** Ends one of the user's sessions. NOT_FOUND for any other. */
  async end(userId: string, sessionId: string): Promise<void> {
    const ended = await this.#delete('id = ? and user_id = ?', [sessionId, userId]);
    if (ended.length === 0) throw noSuchSession();
  }

  /** Ends the session of a token. Idempotent. */
  async endByToken(token: string): Promise<void> {
    await this.leave(token);
  }

  /** Log-out: as {@link Sessions.endByToken}, and tells with what the session began. */
  async leave(token: string): Promise<(SessionSource & { readonly user: string }) | undefined> {
    const [row] = await this.#delete('hash = ?', [hashOf(token)]);
    return row && { user: row.user_id, ...given('provider', row.provider), ...given('kept', row.kept) };
  }

  /** After a change of password, or when the user is disabled. */
  async endAll(userId: string): Promise<void> {
    await this.#delete('user_id = ?', [userId]);
  }

  /**
   * After a user has let go of a provider: those that began there; and those that began where nobody knows the user, as a provider is
   * called that was given another id since.
   */
  async endOf(userId: string, provider: string): Promise<void> {
    const known = 'select provider from external_identities where user_id = ?';
    await this.#delete(`user_id = ? and (provider = ? or provider not in (${known}))`, [userId, provider, userId]);
  }

  /** Forgets what has expired. */
  async sweep(): Promise<void> {
    await this.#delete('expires_at <= ? or last_used_at <= ?', [new Date(this.#now()), this.#idleSince()]);
  }

  async #delete(where: string, params: unknown[]): Promise<EndedRow[]> {
    const sql = `delete from sessions where ${where} returning id, user_id, provider, kept`;
    const rows = await this.#run<EndedRow>(sql, params);
    for (const row of rows) this.#news.tell('session-ended', { session: row.id, user: row.user_id });
    return rows;
  }

  async #used(sessionId: string): Promise<void> {
    await this.#run('update sessions set last_used_at = ? where id = ?', [new Date(this.#now()), sessionId]);
  }

  #aliveParams(): [Date, Date] {
    return [new Date(this.#now()), this.#idleSince()];
  }

  #idleSince(): Date {
    return new Date(this.#now() - this.#limits.idle);
  }

  #run<Row>(sql: string, params: unknown[]): Promise<Row[]> {
    return this.#database.orm.em.getConnection().execute(sql, params);
  }
}

/** Takes the parameters now, and idle since. */
const alive = 's.expires_at > ? and s.last_used_at > ? and u.disabled_at is null';

const given = <K extends string>(key: K, value: string | null): { readonly [P in K]?: string } =>
  (value === null ? {} : { [key]: value }) as { readonly [P in K]?: string };

/** What a client says about itself, cut and without control characters. */
function cut(text: string | undefined, length: number): string | undefined {
  return text?.replace(/[\u0000-\u001f\u007f]/g, ' ').slice(0, length);
}
