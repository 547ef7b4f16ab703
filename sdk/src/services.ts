import type { AuthMode, Host } from './access.ts';
import type { Call } from './call.ts';
import type { ContainerEngine } from './engine.ts';
import type { Json, JsonObject } from './json.ts';
import type { Registry } from './token.ts';
import { token } from './token.ts';

/** What {@link HostService.open} needs of a computing or storage resource. */
export interface HostTarget {
  /** UUID of the resource. */
  readonly id: string;
  /** Id in {@link AccessMethods}. */
  readonly access: string;
  /** With whose credentials. */
  readonly auth: AuthMode;
  /** Settings of the access method. */
  readonly accessConf: JsonObject;
}

/** Opens hosts through whichever access method a resource names. */
export interface HostService {
  /**
   * Leases the host behind a resource.
   * @throws UNSUPPORTED when no active plugin offers the method; else as {@link AccessMethod.open}
   */
  open(target: HostTarget, call: Call): Promise<Host>;
}

/** The core's {@link HostService}. */
export const Hosts = token<HostService>('core.hosts');

/** The container engines of all active plugins. */
export const Engines = token<Registry<ContainerEngine>>('core.engines');

/** A small persistent map that belongs to one plugin. Survives restarts and being disabled. */
export interface PluginStore {
  /** The value, or `undefined`. */
  get(key: string): Promise<Json | undefined>;
  /** Sets a value of at most 64 KiB. Keys have 1–200 characters. */
  set(key: string, value: Json): Promise<void>;
  /** Removes a value. Idempotent. */
  delete(key: string): Promise<void>;
}

/** The {@link PluginStore} of the plugin that asks. */
export const Store = token<PluginStore>('core.store');
