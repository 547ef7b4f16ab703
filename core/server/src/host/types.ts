import type { JsonObject, JsonSchema, Logger, PanelManifest, Token } from '@stele/sdk';
import type { DependencyContainer } from 'tsyringe';

/** Where a plugin was found; the earlier wins when two have the same id. */
export const sources = ['development', 'site', 'named', 'built-in'] as const;
export type Source = (typeof sources)[number];

/** A folder that is a plugin itself, or holds plugins one or two levels below. */
export interface PluginFolder {
  readonly kind: Source;
  readonly path: string;
  /** Key in the site file's `plugins` that led here, when it isn't the plugin's id (`./my-driver`, `@me/driver`). */
  readonly name?: string | undefined;
}

/** A core service that plugins may require: one value for all, or one made for each plugin that asks. */
export type ServiceBinding =
  | { readonly token: Token<unknown>; readonly value: unknown }
  | { readonly token: Token<unknown>; readonly for: (pluginId: string) => unknown };

/** What the site file says below a plugin's id: two words of the host's, the rest are the plugin's own settings. */
export interface PluginSection {
  readonly enabled?: boolean;
  /** Settings (and `enabled`) that nothing else overrides. */
  readonly locked?: JsonObject;
  readonly [setting: string]: unknown;
}

/** Remembers what an administrator enabled and disabled. */
export interface PluginStateStore {
  load(): Promise<Readonly<Record<string, { readonly enabled?: boolean }>>>;
  save(id: string, state: { readonly enabled: boolean }): Promise<void>;
}

export interface HostLogger extends Logger {
  child(fields: Readonly<Record<string, unknown>>): HostLogger;
}

export interface HostOptions {
  readonly folders: readonly PluginFolder[];
  readonly services: readonly ServiceBinding[];
  /** The site file's `plugins`. */
  readonly settings?: Readonly<Record<string, PluginSection | null>>;
  /** Where `STELE_PLUGIN_<ID>__<KEY>` is looked up. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly state: PluginStateStore;
  /** Parent of the plugins' child containers. It must hold values only: see docs of tsyringe on lifecycles. */
  readonly container: DependencyContainer;
  readonly log: HostLogger;
  /** Milliseconds that loading, activating, or one step of giving back may take. Default 10,000. */
  readonly activationLimit?: number;
}

export type PluginState = 'disabled' | 'blocked' | 'activating' | 'active' | 'deactivating' | 'failed';

export type PluginCode =
  | 'MANIFEST_INVALID'
  | 'SDK_MISMATCH'
  | 'SETTINGS_INVALID'
  | 'LOAD_FAILED'
  | 'DEP_MISSING'
  | 'DEP_FAILED'
  | 'DEP_CYCLE'
  | 'TOKEN_TAKEN'
  | 'ACTIVATE_FAILED'
  | 'ACTIVATE_TIMEOUT'
  | 'DISPOSE_FAILED';

/** Where a plugin lies. */
export interface Place {
  readonly source: Source;
  readonly path: string;
}

/** One row of the plugin list. Ids repeat: the losers of a clash stay listed. */
export interface PluginInfo extends Place {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly state: PluginState;
  readonly code?: PluginCode;
  readonly reason?: string;
  /** Whether it is wanted; what became of that is the state. */
  readonly enabled: boolean;
  readonly requires: readonly string[];
  readonly optional: readonly string[];
  readonly provides: readonly string[];
  readonly overrides: readonly Place[];
  readonly overriddenBy?: Place;
  readonly hasServer: boolean;
  readonly hasWeb: boolean;
  readonly panels: readonly PanelManifest[];
}

/** What an active plugin's web half brings to the page. */
export interface Contribution {
  readonly plugin: string;
  readonly title: string;
  readonly version: string;
  readonly panels: readonly PanelManifest[];
  /** Everything in this folder may be fetched. */
  readonly webRoot: string;
  /** The module, relative to `webRoot`, with forward slashes. */
  readonly webModule: string;
  /** Changes when a byte or a name in `webRoot` does. */
  readonly hash: string;
}

/** A plugin's settings as they may be shown. */
export interface PluginSettings {
  readonly schema: JsonSchema | undefined;
  /** What is in force, without secrets. */
  readonly values: JsonObject;
  /** Paths of the secrets that are set. */
  readonly secrets: readonly string[];
  /** Paths that only the site file can change. */
  readonly locked: readonly string[];
}

export interface HostChange {
  readonly id: string;
  readonly state: PluginState;
}
