import type { Host } from '../access.ts';

/** Seconds for which what was learnt about a host is believed: somebody may install another engine, or another runtime. */
const lifetime = 60;

/**
 * What an engine's plugin knows about hosts. To look at one takes longer than to start a container there, so all leases of a
 * {@link Host.connection} share it.
 */
export class Surveys<Survey> {
  readonly #kept = new WeakMap<object, { readonly survey: Survey; readonly at: number }>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  keep(host: Host, survey: Survey): void {
    this.#kept.set(host.connection ?? host, { survey, at: this.#now() });
  }

  /** What is known, where it isn't older than `maxAge` seconds. */
  of(host: Host, maxAge = lifetime): Survey | undefined {
    const kept = this.#kept.get(host.connection ?? host);
    return kept !== undefined && this.#now() - kept.at < maxAge * 1_000 ? kept.survey : undefined;
  }
}
