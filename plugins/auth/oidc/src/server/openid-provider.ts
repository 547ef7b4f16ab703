import type { AuthBegin, AuthCall, AuthProvider, ExternalIdentity, JsonObject, Logger } from '@stele/sdk';
import * as oidc from 'openid-client';
import type { ProviderSettings } from '../settings.ts';
import { makeClient } from './client.ts';
import { findSecret } from './client-secret.ts';
import { Discovery, type DiscoveryTimes } from './discovery.ts';
import { brokenOff, givenUp, notAccepted, notAnswering, notOnTheList, setUpWrong } from './errors.ts';
import { claimsBy } from './exchange.ts';
import { failureOf } from './failure.ts';
import { identityOf } from './identity.ts';

/** A second, less what the answer takes itself. */
const longestLook = 900;
/** Longest ID token that goes into the address of a log-out. Servers stop reading addresses at 8 KiB. */
const longestHint = 4096;

/** What is kept between the way there and the way back. */
interface Begun {
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

/** Log-in at one OpenID provider: code flow, PKCE, state, nonce; everything that comes back is checked. */
export class OpenIdProvider implements AuthProvider {
  readonly title: string;
  readonly kind = 'redirect';
  readonly bringsUsers: boolean;
  readonly #settings: ProviderSettings;
  readonly #discovery: Discovery;

  constructor(settings: ProviderSettings, log: Logger, times?: DiscoveryTimes) {
    this.title = settings.title;
    this.bringsUsers = settings.newUsers;
    this.#settings = settings;
    this.#discovery = new Discovery(settings.issuer, log, times);
  }

  async trouble(): Promise<string | undefined> {
    if ('problem' in (await findSecret(this.#settings))) return setUpWrong(this.title).message;
    const problem = await this.#discovery.problem(longestLook);
    return problem === undefined ? undefined : this.#unusable(problem).message;
  }

  async begin(call: AuthCall): Promise<AuthBegin> {
    const client = await this.#client(call);
    const begun: Begun = {
      verifier: oidc.randomPKCECodeVerifier(),
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
    };
    const url = oidc.buildAuthorizationUrl(client, {
      redirect_uri: call.callback,
      scope: [...new Set(['openid', ...this.#settings.scopes])].join(' '),
      code_challenge: await oidc.calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: 'S256',
      state: begun.state,
      nonce: begun.nonce,
    });
    return { kind: 'redirect', url: url.href, reference: begun.state, state: { ...begun } };
  }

  async complete(input: JsonObject, state: JsonObject, call: AuthCall): Promise<ExternalIdentity> {
    const begun = state as unknown as Begun;
    if (call.signal.aborted) throw givenUp();
    if (input['error'] === 'access_denied' && input['state'] === begun.state) throw brokenOff(this.title);
    const client = await this.#client(call);
    const answer = answerUrl(call.callback, input);
    if (!answer) throw notAccepted(this.title);
    const checks = { pkceCodeVerifier: begun.verifier, expectedState: begun.state, expectedNonce: begun.nonce };
    const { idToken, ...claims } = await claimsBy(client, answer, checks, this.#settings.clockTolerance).catch(
      (error: unknown) => this.#refuse(error, call),
    );
    const identity = identityOf(claims, this.#settings);
    if (!identity) throw this.#unlisted(call);
    return { ...identity, ...(this.#leadsOut(client) ? { kept: keptOf(idToken) } : {}) };
  }

  async logout(kept: JsonObject, call: AuthCall): Promise<string | undefined> {
    const client = await this.#client(call);
    if (!this.#leadsOut(client)) return undefined;
    const { idToken } = kept as { readonly idToken?: string };
    const hint: Record<string, string> = idToken === undefined ? {} : { id_token_hint: idToken };
    return oidc.buildEndSessionUrl(client, { ...hint, post_logout_redirect_uri: call.callback }).href;
  }

  #leadsOut(client: oidc.Configuration): boolean {
    return this.#settings.logOut === 'provider' && client.serverMetadata().end_session_endpoint !== undefined;
  }

  async #client(call: AuthCall): Promise<oidc.Configuration> {
    const found = await findSecret(this.#settings);
    if ('problem' in found) {
      call.log.error('An OpenID provider has no client secret', { provider: this.title, why: found.problem });
      throw setUpWrong(this.title);
    }
    const metadata = await this.#discovery.metadata().catch((error: unknown) => {
      throw this.#unusable(error);
    });
    return makeClient(metadata, this.#settings, found.secret, {
      isInsecure: this.#discovery.isInsecure,
      signal: call.signal,
    });
  }

  #unusable(error: unknown): Error {
    return failureOf(error).isAway ? notAnswering(this.title) : setUpWrong(this.title);
  }

  #refuse(error: unknown, { log, signal }: AuthCall): never {
    if (signal.aborted) throw givenUp();
    const { why, isAway } = failureOf(error);
    log.warn('An OpenID log-in failed', { provider: this.title, why });
    throw isAway ? notAnswering(this.title) : notAccepted(this.title);
  }

  #unlisted({ log }: AuthCall): Error {
    log.info('An OpenID log-in is on no list', { provider: this.title });
    return notOnTheList(this.title);
  }
}

/** The address that the browser came back to; `undefined` for an answer that says something twice. */
function answerUrl(callback: string, input: JsonObject): URL | undefined {
  const url = new URL(callback);
  for (const [name, value] of Object.entries(input)) {
    if (typeof value !== 'string') return undefined;
    url.searchParams.append(name, value);
  }
  return url;
}

const keptOf = (idToken: string): JsonObject => (idToken.length > longestHint ? {} : { idToken });
