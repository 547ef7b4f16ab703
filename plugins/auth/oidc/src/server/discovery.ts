import type { Logger } from '@stele/sdk';
import * as oidc from 'openid-client';
import { isLoopback } from './check-settings.ts';
import { failureOf } from './failure.ts';

/** Times of {@link Discovery}. Milliseconds. */
export interface DiscoveryTimes {
  /** For one attempt. */
  readonly limit: number;
  /** Until a failed attempt is made again for somebody who only looks. */
  readonly pause: number;
  /** How long what was found is taken for fresh. */
  readonly fresh: number;
}

const defaults: DiscoveryTimes = { limit: 10_000, pause: 5_000, fresh: 3_600_000 };

/**
 * What a provider publishes about itself: asked for when somebody needs it, kept, and asked for again now and then. A
 * provider that is away costs nobody else anything, and nothing has to be restarted when it is back.
 */
export class Discovery {
  readonly #issuer: URL;
  readonly #log: Logger;
  readonly #times: DiscoveryTimes;
  #known: { readonly metadata: oidc.ServerMetadata; readonly at: number } | undefined;
  #failed: { readonly error: unknown; readonly at: number } | undefined;
  #running: Promise<oidc.ServerMetadata> | undefined;

  constructor(issuer: string, log: Logger, times: DiscoveryTimes = defaults) {
    this.#issuer = new URL(issuer);
    this.#log = log;
    this.#times = times;
  }

  /** Whether plain HTTP is taken, which is so on this machine alone. */
  get isInsecure(): boolean {
    return this.#issuer.protocol === 'http:' && isLoopback(this.#issuer);
  }

  /** What is known, or as soon as it is. What has become old is good enough until there is something newer. */
  async metadata(): Promise<oidc.ServerMetadata> {
    if (this.#known === undefined) return this.#ask();
    const isOld = Date.now() - this.#known.at > this.#times.fresh;
    // An attempt that fails is in the log; what is old is good still.
    if (isOld && !this.#hasJustFailed()) void Promise.allSettled([this.#ask()]);
    return this.#known.metadata;
  }

  /** What is wrong with it, as far as is known after `wait` milliseconds at most. */
  async problem(wait: number): Promise<unknown> {
    if (this.#known !== undefined) return undefined;
    if (this.#hasJustFailed()) return this.#failed?.error;
    const asked = this.#ask().then(
      () => undefined,
      (error: unknown) => error,
    );
    const { promise: late, resolve } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => resolve(this.#failed?.error), wait);
    try {
      return await Promise.race([asked, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #hasJustFailed(): boolean {
    return this.#failed !== undefined && Date.now() - this.#failed.at < this.#times.pause;
  }

  /** Whoever needs it waits for the same attempt. */
  #ask(): Promise<oidc.ServerMetadata> {
    this.#running ??= this.#attempt().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #attempt(): Promise<oidc.ServerMetadata> {
    try {
      // The client has no part in it: only the document is kept.
      const found = await oidc.discovery(this.#issuer, 'discovery', undefined, undefined, {
        timeout: this.#times.limit / 1000,
        ...(this.isInsecure ? { execute: [oidc.allowInsecureRequests] } : {}),
      });
      const metadata = structuredClone({ ...found.serverMetadata() }) as oidc.ServerMetadata;
      this.#known = { metadata, at: Date.now() };
      this.#failed = undefined;
      return metadata;
    } catch (error) {
      this.#failed = { error, at: Date.now() };
      this.#log.warn('An OpenID provider could not be discovered', { issuer: this.#issuer.href, ...failureOf(error) });
      throw error;
    }
  }
}
