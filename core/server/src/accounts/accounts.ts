import type { Logger } from '@stele/sdk';
import type { Database } from '../model/index.ts';
import { ApiTokens } from './api-tokens.ts';
import { AccountNews } from './events.ts';
import { Groups } from './groups.ts';
import { Identities } from './identities.ts';
import { LogIn } from './log-in.ts';
import { LoginLimit, type LoginLimits } from './login-limit.ts';
import { LoginLinks } from './login-links.ts';
import { sharedCounters, sweepCounters } from './shared-counters.ts';
import { Sessions, type SessionLimits } from './sessions.ts';
import { Users } from './users.ts';

export interface AccountsOptions {
  readonly database: Database;
  readonly log: Logger;
  readonly sessionLimits?: SessionLimits;
  readonly loginLimits?: LoginLimits;
  /** Whether other replicas let people in, too: attempts are counted where all of them do. */
  readonly hasReplicas?: boolean;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Everything about who somebody is, put together. */
export class Accounts {
  readonly news = new AccountNews();
  readonly sessions: Sessions;
  readonly links: LoginLinks;
  readonly tokens: ApiTokens;
  readonly users: Users;
  readonly identities: Identities;
  readonly groups: Groups;
  readonly logIn: LogIn;
  readonly #options: AccountsOptions;

  constructor(options: AccountsOptions) {
    const { database, log, sessionLimits, loginLimits, hasReplicas = false, now } = options;
    this.#options = options;
    this.sessions = new Sessions(database, this.news, sessionLimits, now);
    this.links = new LoginLinks(database, now);
    this.tokens = new ApiTokens(database, this.news, now);
    this.users = new Users(database, this.news, this.sessions);
    this.identities = new Identities(database, this.users);
    this.groups = new Groups(database, this.news);
    const { sessions, links, identities } = this;
    const limit = new LoginLimit(loginLimits, hasReplicas ? sharedCounters(database) : undefined);
    this.logIn = new LogIn({ sessions, links, identities, limit, log });
  }

  /** Forgets expired sessions, links and counts of attempts. To be called now and then. */
  async sweep(): Promise<void> {
    await this.sessions.sweep();
    await this.links.sweep();
    const { database, hasReplicas = false, now = Date.now } = this.#options;
    if (hasReplicas) await sweepCounters(database, now());
  }
}
