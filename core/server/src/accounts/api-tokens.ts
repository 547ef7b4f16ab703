import { ApiToken, type Database, type tokenScopes } from '../model/index.ts';
import type { Viewer } from './decide.ts';
import { expiryInvalid, noSuchToken, tooManyTokens } from './errors.ts';
import type { AccountNews } from './events.ts';
import { hashOf, newSecret } from './secret.ts';
import { toViewer, viewerColumns } from './viewers.ts';

/** What a token may do: read, or read and write. Never more than its user may. */
export type TokenScope = (typeof tokenScopes)[number];

/** Recognised by secret scanners, and by people. */
const tokenPrefix = 'stele_';
const shownLength = tokenPrefix.length + 6;
const mostTokens = 50;
const day = 86_400_000;
const useStep = 60_000;

type ProofRow = Parameters<typeof toViewer>[0] & {
  readonly token: string;
  readonly scope: TokenScope;
  readonly last_used_at: Date | null;
  readonly expires_at: Date;
};

/** A token that a request proved. */
export interface ProvenToken {
  readonly viewer: Viewer;
  readonly id: string;
  readonly scope: TokenScope;
  readonly expiresAt: Date;
}

/** Tokens with which programs act for a user. */
export class ApiTokens {
  readonly #database: Database;
  readonly #news: AccountNews;
  readonly #now: () => number;

  constructor(database: Database, news: AccountNews, now: () => number = Date.now) {
    this.#database = database;
    this.#news = news;
    this.#now = now;
  }

  /** The secret is known only now. LIMIT when the user has too many. */
  async create(
    userId: string,
    { name, scope = 'read', days = 90 }: { name: string; scope?: TokenScope; days?: number },
  ): Promise<{ readonly token: ApiToken; readonly secret: string }> {
    if (!Number.isInteger(days) || days < 1 || days > 365) throw expiryInvalid();
    if ((await this.list(userId)).length >= mostTokens) throw tooManyTokens(mostTokens);
    const secret = tokenPrefix + newSecret();
    const em = this.#database.em();
    const token = em.create(ApiToken, {
      hash: hashOf(secret),
      prefix: secret.slice(0, shownLength),
      name,
      scope,
      user: userId,
      createdAt: new Date(this.#now()),
      expiresAt: new Date(this.#now() + days * day),
    });
    await em.flush();
    return { token, secret };
  }

  /** Who holds this secret; `undefined` when it is expired, revoked or nobody's, or its user was disabled. */
  async prove(secret: string): Promise<ProvenToken | undefined> {
    if (!secret.startsWith(tokenPrefix)) return undefined;
    const sql = `select ${viewerColumns}, t.id as token, t.scope, t.last_used_at, t.expires_at from api_tokens t join users u on u.id = t.user_id
      where t.hash = ? and t.revoked_at is null and t.expires_at > ? and u.disabled_at is null`;
    const [row] = await this.#run<ProofRow>(sql, [hashOf(secret), new Date(this.#now())]);
    if (!row) return undefined;
    const last = row.last_used_at === null ? 0 : new Date(row.last_used_at).getTime();
    if (this.#now() - last > useStep) {
      await this.#run('update api_tokens set last_used_at = ? where id = ?', [new Date(this.#now()), row.token]);
    }
    return { viewer: toViewer(row), id: row.token, scope: row.scope, expiresAt: new Date(row.expires_at) };
  }

  /** A user's tokens that can still be used, the newest first. */
  async list(userId: string): Promise<ApiToken[]> {
    const where = { user: userId, revokedAt: null, expiresAt: { $gt: new Date(this.#now()) } };
    return await this.#database.em().find(ApiToken, where, { orderBy: { createdAt: 'desc' } });
  }

  /** NOT_FOUND for another's. */
  async revoke(userId: string, id: string): Promise<void> {
    const where = { id, user: userId, revokedAt: null };
    const count = await this.#database.em().nativeUpdate(ApiToken, where, { revokedAt: new Date(this.#now()) });
    if (count === 0) throw noSuchToken();
    this.#news.tell('token-revoked', { token: id });
  }

  /** All that can still be used, as when somebody else may have made some. */
  async revokeAll(userId: string): Promise<void> {
    const sql = 'update api_tokens set revoked_at = ? where user_id = ? and revoked_at is null returning id';
    const rows = await this.#run<{ id: string }>(sql, [new Date(this.#now()), userId]);
    for (const { id } of rows) this.#news.tell('token-revoked', { token: id });
  }

  #run<Row>(sql: string, params: unknown[]): Promise<Row[]> {
    return this.#database.orm.em.getConnection().execute(sql, params);
  }
}
