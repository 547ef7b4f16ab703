import { type Database, LoginLink } from '../model/index.ts';
import { linkUnusable } from './errors.ts';
import { hashOf, newSecret } from './secret.ts';

/** How long a link can be used. Milliseconds. */
const validFor = 15 * 60_000;

/** One-time log-in links: how the first administrator gets in, and whoever has lost their password. */
export class LoginLinks {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number = Date.now) {
    this.#database = database;
    this.#now = now;
  }

  /** The secret is known only now; the link carries it in its fragment, which no server and no log sees. */
  async create(userId: string): Promise<{ readonly secret: string; readonly expiresAt: Date }> {
    const secret = newSecret();
    const expiresAt = new Date(this.#now() + validFor);
    const em = this.#database.em();
    em.create(LoginLink, { hash: hashOf(secret), user: userId, expiresAt });
    await em.flush();
    return { secret, expiresAt };
  }

  /** Uses the link up: of two who come at once, one gets in. DENIED for a used, expired or unknown one. */
  async consume(secret: string): Promise<string> {
    const now = new Date(this.#now());
    const rows = await this.#database.orm.em.getConnection().execute<{ user_id: string }[]>(
      `update login_links l set used_at = ? from users u
        where l.hash = ? and l.used_at is null and l.expires_at > ? and u.id = l.user_id and u.disabled_at is null
        returning l.user_id`,
      [now, hashOf(secret), now],
    );
    const [row] = rows;
    if (!row) throw linkUnusable();
    return row.user_id;
  }

  /** Nobody gets in by a link that was made for this user until now: their password is another. */
  async endAll(userId: string): Promise<void> {
    await this.#database.em().nativeDelete(LoginLink, { user: userId });
  }

  /** Forgets what has expired. */
  async sweep(): Promise<void> {
    await this.#database.em().nativeDelete(LoginLink, { expiresAt: { $lte: new Date(this.#now()) } });
  }
}
