import { type AuthCall, type AuthProvider, hasCode, type JsonObject, type Logger } from '@stele/sdk';
import type { Identities } from './identities.ts';
import type { LoginLimit } from './login-limit.ts';
import type { LoginLinks } from './login-links.ts';
import type { NewSession, Origin, Sessions } from './sessions.ts';

/** Where a log-in comes from. */
export interface LogInOrigin extends Origin {
  /** Address of the client: attempts are counted by it. */
  readonly address: string;
  /** Token of the session that the browser has already; it ends. */
  readonly previous?: string | undefined;
}

/** A provider, and what it may do here. */
export interface ProviderChoice {
  readonly id: string;
  readonly provider: AuthProvider;
  /** Whether it may bring users that are not known yet. */
  readonly mayCreate: boolean;
}

/** The parts that log-in puts together. */
export interface LogInParts {
  readonly sessions: Sessions;
  readonly links: LoginLinks;
  readonly identities: Identities;
  readonly limit: LoginLimit;
  readonly log: Logger;
}

/** How people get in: every way ends in a session. */
export class LogIn {
  readonly #parts: LogInParts;

  constructor(parts: LogInParts) {
    this.#parts = parts;
  }

  /** By a one-time link. DENIED, or LIMIT after too many attempts. */
  async byLink(secret: string, origin: LogInOrigin): Promise<NewSession & { readonly user: string }> {
    return await this.#counted(origin, undefined, () => this.#parts.links.consume(secret));
  }

  /**
   * By a provider: the form's values, or the callback's query with the state that {@link AuthProvider.begin} gave.
   * @throws what {@link AuthProvider.complete} throws; DENIED or CONFLICT by {@link Identities.resolve}; LIMIT
   */
  async byProvider(
    { id, provider, mayCreate }: ProviderChoice,
    input: JsonObject,
    state: JsonObject,
    call: AuthCall,
    origin: LogInOrigin,
  ): Promise<NewSession & { readonly user: string }> {
    const account = provider.kind === 'form' ? `${id}:${accountOf(input)}` : undefined;
    return await this.#counted(origin, account, async () => {
      const identity = await provider.complete(input, state, call);
      return (await this.#parts.identities.resolve(id, identity, mayCreate)).id;
    });
  }

  async #counted(
    origin: LogInOrigin,
    account: string | undefined,
    check: () => Promise<string>,
  ): Promise<NewSession & { readonly user: string }> {
    const { limit, log, sessions } = this.#parts;
    await limit.attempt(origin.address, account);
    const user = await check().catch((error: unknown) => {
      // Only where it came from: what somebody typed as a name may be their password.
      if (hasCode(error, 'DENIED')) log.warn('A log-in was refused', { address: origin.address });
      throw error;
    });
    await limit.succeeded(origin.address, account);
    return { ...(await sessions.begin(user, origin, origin.previous)), user };
  }
}

/** What a form calls the account. */
function accountOf(input: JsonObject): string {
  const name = input.email ?? input.username ?? input.user ?? '';
  return typeof name === 'string' ? name.trim() : '';
}
