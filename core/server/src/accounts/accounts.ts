import type { Logger } from '@stele/sdk';
import type { Database, SecretBox } from '../model/index.ts';
import { ApiTokens } from './api-tokens.ts';
import { BrowserStates } from './browser-states.ts';
import { Claims } from './claims.ts';
import { AccountNews } from './events.ts';
import { Groups } from './groups.ts';
import { Identities } from './identities.ts';
import { Linking } from './linking.ts';
import { LogIn } from './log-in.ts';
import { LoginLimit, type LoginLimits } from './login-limit.ts';
import { LoginLinks } from './login-links.ts';
import { sharedCounters, sweepCounters } from './shared-counters.ts';
import { Sessions, type SessionLimits } from './sessions.ts';
import { Users } from './users.ts';

export interface AccountsOptions {
  readonly database: Database;
  readonly secrets: SecretBox;
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
  readonly linking: Linking;
  readonly logIn: LogIn;
  readonly #states: BrowserStates;
  readonly #options: AccountsOptions;

  constructor(options: AccountsOptions) {
    const { database, secrets, log, sessionLimits, loginLimits, hasReplicas = false, now } = options;
    this.#options = options;
    this.sessions = new Sessions(database, this.news, sessionLimits, now);
    this.links = new LoginLinks(database, now);
    this.tokens = new ApiTokens(database, this.news, now);
    this.users = new Users(database, this.news, this.sessions);
    this.identities = new Identities(database, this.users);
    this.groups = new Groups(database, this.news);
    this.#states = new BrowserStates(database, secrets, now);
    const { sessions, links, identities, users } = this;
    const shared = { identities, claims: new Claims(database, this.news, log), states: this.#states };
    this.linking = new Linking({ ...shared, users });
    const limit = new LoginLimit(loginLimits, hasReplicas ? sharedCounters(database) : undefined);
    this.logIn = new LogIn({ ...shared, sessions, links, linking: this.linking, secrets, limit, log });
  }

  /** Forgets expired sessions, links and counts, and log-ins that nobody came back from. To be called now and then. */
  async sweep(): Promise<void> {
    await this.sessions.sweep();
    await this.links.sweep();
    await this.#states.sweep();
    const { database, hasReplicas = false, now = Date.now } = this.#options;
    if (hasReplicas) await sweepCounters(database, now());
  }
}
