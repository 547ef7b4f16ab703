import { Type, type Static } from 'typebox';
import { Strict } from './common.ts';

/** State of a plugin. */
export const PluginState = Type.Enum(['disabled', 'blocked', 'activating', 'active', 'deactivating', 'failed']);

/** A plugin that was found. */
export const PluginItem = Strict({
  id: Type.String(),
  title: Type.String(),
  version: Type.String(),
  source: Type.String({ description: 'development, site, named or built-in' }),
  state: PluginState,
  code: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
  overriddenBy: Type.Optional(Type.String()),
});
/** A plugin that was found. */
export type PluginItem = Static<typeof PluginItem>;

/** A panel that the page shows. */
export const PanelItem = Strict({
  plugin: Type.String(),
  id: Type.String({ description: 'Unique in the page: <plugin>/<panel>' }),
  slot: Type.String(),
  title: Type.String(),
  icon: Type.String(),
  order: Type.Number(),
  export: Type.String({ description: 'Class that the module exports' }),
  module: Type.String({ description: 'URL of the module, with its hash' }),
});
/** A panel that the page shows. */
export type PanelItem = Static<typeof PanelItem>;

/** What the page is made of, for the one who asks. */
export const Ui = Strict({
  site: Strict({ name: Type.String() }),
  panels: Type.Array(PanelItem),
  version: Type.String({ description: 'Changes whenever a panel comes, goes or changes' }),
});
/** What the page is made of, for the one who asks. */
export type Ui = Static<typeof Ui>;
