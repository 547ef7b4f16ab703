import { type JsonObject, nameOf } from '@stele/sdk';
import type { Activation } from './activation.ts';
import type { Listing, Manifest } from './catalogue.ts';
import type { Configuration } from './configuration.ts';
import type { Definition } from './definition.ts';
import { PluginFailure } from './failure.ts';
import type { PluginCode, PluginInfo, PluginState } from './types.ts';

interface Status {
  readonly state: PluginState;
  readonly code?: PluginCode;
  readonly reason?: string;
}

/** What the host knows about one plugin while it runs. */
export class PluginRecord {
  readonly listing: Listing;
  manifest: Manifest | undefined;
  configuration: Configuration | undefined;
  enabled = true;
  /** Why it can't be active, as far as it is its own fault. Stays until someone enables it again. */
  failure: PluginFailure | undefined;
  definition: Definition | undefined;
  settings: JsonObject | undefined;
  webHash: string | undefined;
  activation: Activation | undefined;
  /** What the last activation did not give back. */
  leftover: string | undefined;
  #status: Status = { state: 'disabled' };

  constructor(listing: Listing) {
    this.listing = listing;
    this.take(listing.manifest);
    if (listing.isNameless && this.failure) {
      this.#status = { state: 'failed', code: this.failure.code, reason: this.failure.message };
    }
  }

  get id(): string {
    return this.listing.id;
  }

  get state(): PluginState {
    return this.#status.state;
  }

  take(manifest: Manifest | PluginFailure): void {
    this.failure = manifest instanceof PluginFailure ? manifest : undefined;
    this.manifest = manifest instanceof PluginFailure ? undefined : manifest;
  }

  /** Returns whether that is news. */
  setStatus(next: Status): boolean {
    const { state, code, reason } = this.#status;
    this.#status = next;
    return state !== next.state || code !== next.code || reason !== next.reason;
  }

  info(): PluginInfo {
    const { listing, manifest, definition } = this;
    const { overriddenBy, overrides, place } = listing;
    const stele = manifest?.package.stele;
    return {
      id: this.id,
      title: stele?.title ?? this.id,
      version: manifest?.package.version ?? '',
      ...place,
      ...this.#shownStatus(),
      enabled: this.enabled && overriddenBy === undefined,
      requires: Object.values(definition?.requires ?? {}).map(nameOf),
      optional: Object.values(definition?.optional ?? {}).map(nameOf),
      provides: (definition?.provides ?? []).map(nameOf),
      overrides,
      ...(overriddenBy && { overriddenBy }),
      hasServer: manifest?.server !== undefined,
      hasWeb: manifest?.web !== undefined,
      panels: stele?.panels ?? [],
    };
  }

  #shownStatus(): Status {
    const { overriddenBy } = this.listing;
    if (overriddenBy) return { state: 'disabled', reason: `overridden by the one in ${overriddenBy.path}` };
    if (this.#status.code !== undefined || this.leftover === undefined) return this.#status;
    return { ...this.#status, code: 'DISPOSE_FAILED', reason: this.leftover };
  }
}
