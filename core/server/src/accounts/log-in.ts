import {
  type AuthCall,
  type AuthProvider,
  type ExternalIdentity,
  hasCode,
  type JsonObject,
  type Logger,
} from '@stele/sdk';
import type { SecretBox } from '../model/index.ts';
import type { BrowserStates } from './browser-states.ts';
import type { Claims } from './claims.ts';
import { notBegunHere, notByRedirect, notLetIn } from './errors.ts';
import type { Identities } from './identities.ts';
import type { Linking } from './linking.ts';
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

/** Which browser goes to a provider and comes back, and as whom. */
export interface BrowserOrigin extends LogInOrigin {
  /** Secret of the browser's cookie. */
  readonly browser: string;
  /** The session that it shows. */
  readonly session?: { readonly id: string; readonly user: string } | undefined;
}

/** A provider by its id. */
export interface ProviderChoice {
  readonly id: string;
  readonly provider: AuthProvider;
}

/** A session just begun, and whose it is. */
export type Entered = NewSession & { readonly user: string };

/** What somebody comes back to. */
export type Arrival =
  | { readonly kind: 'session'; readonly session: Entered }
  /** They were logged in, and asked for one more way in. */
  | { readonly kind: 'linked' }
  /** There is an account with their address; its owner has to say that they are one. */
  | { readonly kind: 'unlinked'; readonly email: string };

/** The parts that log-in puts together. */
export interface LogInParts {
  readonly sessions: Sessions;
  readonly links: LoginLinks;
  readonly identities: Identities;
  readonly claims: Claims;
  readonly linking: Linking;
  readonly states: BrowserStates;
  readonly secrets: SecretBox;
  readonly limit: LoginLimit;
  readonly log: Logger;
}

/** Longest that is kept for a log-out. Bytes. */
const mostKept = 16 * 1024;

/** How people get in: every way ends in a session. */
export class LogIn {
  readonly #parts: LogInParts;

  constructor(parts: LogInParts) {
    this.#parts = parts;
  }

  /** By a one-time link. DENIED, or LIMIT after too many attempts. */
  async byLink(secret: string, origin: LogInOrigin): Promise<Entered> {
    return await this.#counted(origin, undefined, async () => {
      return this.#begin(await this.#parts.links.consume(secret), origin);
    });
  }

  /**
   * By the values of a provider's form.
   * @throws what {@link AuthProvider.complete} throws; DENIED or CONFLICT by {@link Identities.resolve}; LIMIT
   */
  async byForm(
    { id, provider }: ProviderChoice,
    input: JsonObject,
    call: AuthCall,
    origin: LogInOrigin,
  ): Promise<Entered> {
    const account = `${id}:${provider.accountOf?.(input) ?? ''}`;
    return await this.#counted(origin, account, async () => {
      const identity = await provider.complete(input, {}, call);
      const found = await this.#parts.identities.resolve(id, identity, provider.bringsUsers);
      // Who keeps secrets here was made here: nobody's address stands in for them.
      if (found.kind !== 'user') throw notLetIn();
      return this.#enter(found.user.id, id, identity, origin);
    });
  }

  /**
   * Sends a browser to a provider. In somebody's session: to link what it comes back with.
   * @returns where it goes
   * @throws what {@link AuthProvider.begin} throws; LIMIT
   */
  async begin(
    { id, provider }: ProviderChoice,
    call: AuthCall,
    { address, browser, session }: BrowserOrigin,
  ): Promise<string> {
    await this.#parts.limit.begun(address);
    const begun = await provider.begin(call);
    if (begun.kind !== 'redirect') throw notByRedirect();
    await this.#parts.states.keep(browser, `${id}:${begun.reference}`, begun.state, session?.id);
    return begun.url;
  }

  /**
   * A browser comes back from a provider with an answer.
   * @throws DENIED when this browser didn't begin it, or was here with it before; else as {@link LogIn.byForm}
   */
  async arrive(
    { id, provider }: ProviderChoice,
    answer: JsonObject,
    call: AuthCall,
    origin: BrowserOrigin,
  ): Promise<Arrival> {
    return await this.#counted(origin, undefined, async (): Promise<Arrival> => {
      const texts = Object.values(answer).filter((value) => typeof value === 'string');
      const begun = await this.#parts.states.take(
        origin.browser,
        texts.map((text) => `${id}:${text}`),
      );
      if (!begun || begun.session !== (begun.session && origin.session?.id)) throw notBegunHere();
      const identity = await provider.complete(answer, begun.value, call);
      if (begun.session === undefined || !origin.session) return this.#arrived(id, provider, identity, origin);
      await this.#parts.linking.link(origin.session.user, id, identity);
      return { kind: 'linked' };
    });
  }

  async #arrived(
    id: string,
    { bringsUsers }: AuthProvider,
    identity: ExternalIdentity,
    origin: BrowserOrigin,
  ): Promise<Arrival> {
    const found = await this.#parts.identities.resolve(id, identity, bringsUsers);
    if (found.kind === 'user') {
      return { kind: 'session', session: await this.#enter(found.user.id, id, identity, origin) };
    }
    await this.#parts.linking.offer(origin.browser, id, identity);
    return found;
  }

  /**
   * Ends a session.
   * @param choose the provider that it began with, and the call to ask it with
   * @returns where the browser goes to log out there as well
   */
  async logOut(
    token: string,
    choose: (id: string) => { readonly provider: AuthProvider; readonly call: AuthCall } | undefined,
  ): Promise<string | undefined> {
    const { sessions, secrets, log } = this.#parts;
    const ended = await sessions.leave(token);
    const chosen = ended?.provider === undefined ? undefined : choose(ended.provider);
    if (!ended || ended.kept === undefined || !chosen?.provider.logout) return undefined;
    try {
      const kept = JSON.parse(secrets.open(ended.kept, purposeOf(ended.user))) as JsonObject;
      return await chosen.provider.logout(kept, chosen.call);
    } catch (error) {
      // Here they are logged out, and that is what they asked for.
      log.warn('A log-out at the provider could not be prepared', { provider: ended.provider, error });
      return undefined;
    }
  }

  /**
   * Somebody who is logged in proves that they know their secret. Guesses count like log-ins.
   * @throws DENIED, LIMIT
   */
  async prove(provider: string, subject: string, isRight: () => Promise<boolean>, origin: LogInOrigin): Promise<void> {
    await this.#counted(origin, `${provider}:${subject}`, async () => {
      if (!(await isRight())) throw notLetIn();
    });
  }

  async #enter(user: string, provider: string, identity: ExternalIdentity, origin: LogInOrigin): Promise<Entered> {
    await this.#parts.claims.follow(user, provider, identity);
    const text = identity.kept === undefined ? '' : JSON.stringify(identity.kept);
    const isKept = text !== '' && Buffer.byteLength(text) <= mostKept;
    const kept = isKept ? { kept: this.#parts.secrets.seal(text, purposeOf(user)) } : {};
    return this.#begin(user, origin, { provider, ...kept });
  }

  async #begin(
    user: string,
    origin: LogInOrigin,
    by?: { readonly provider: string; readonly kept?: string },
  ): Promise<Entered> {
    return { ...(await this.#parts.sessions.begin(user, origin, origin.previous, by)), user };
  }

  async #counted<T>(origin: LogInOrigin, account: string | undefined, check: () => Promise<T>): Promise<T> {
    const { limit, log } = this.#parts;
    await limit.attempt(origin.address, account);
    const found = await check().catch((error: unknown) => {
      // Only where it came from: what somebody typed as a name may be their password.
      if (hasCode(error, 'DENIED')) log.warn('A log-in was refused', { address: origin.address });
      throw error;
    });
    await limit.succeeded(origin.address, account);
    return found;
  }
}

const purposeOf = (user: string): string => `session-kept:${user}`;
