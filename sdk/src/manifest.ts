import type { JsonSchema } from './json.ts';

/** Places of the page that panels go to. Plugins may name further ones, as `<panel id>.<place>`. */
export type Slot = 'main' | 'account' | 'admin' | (string & {});

/** A panel that a plugin's web half contributes. */
export interface PanelManifest {
  /** Unique within the plugin, `[a-z][a-z0-9-]*`. Part of the page's URL. */
  readonly id: string;
  /** Where it goes. */
  readonly slot: Slot;
  /** For people. */
  readonly title: string;
  /** Name of the class that the web half exports. */
  readonly export: string;
  /** Name of an icon of the page's set. Default `puzzle-piece`. */
  readonly icon?: string;
  /** Lower comes first. Default 100. */
  readonly order?: number;
  /** Lowest role that sees it. Default `standard`. */
  readonly role?: 'standard' | 'power' | 'admin';
}

/** The `stele` key of a plugin's `package.json`, read and checked before any of its code runs. */
export interface PluginManifest {
  /** Unique, `[a-z][a-z0-9-]{1,62}`. */
  readonly id: string;
  /** For people. Default: the id. */
  readonly title?: string;
  /** Module of the server half, relative to the package. */
  readonly server?: string;
  /** Module of the web half, relative to the package; everything in its folder can be fetched by the page. */
  readonly web?: string;
  /** Module whose default export is a {@link Diagnose}, relative to the package: what `stele doctor` asks. */
  readonly doctor?: string;
  /** JSON Schema of the settings: a file relative to the package, or the schema itself. */
  readonly settings?: string | JsonSchema;
  /** Panels of the web half. */
  readonly panels?: readonly PanelManifest[];
}
