import { defineEntity, p } from '@mikro-orm/core';
import type { Json } from '@stele/sdk';

const PluginStateSchema = defineEntity({
  name: 'PluginState',
  tableName: 'plugin_states',
  properties: {
    id: p.string().length(63).primary(),
    enabled: p.boolean(),
  },
});

/** What an administrator chose for a plugin. */
export class PluginState extends PluginStateSchema.class {}
PluginStateSchema.setClass(PluginState);

const PluginDataSchema = defineEntity({
  name: 'PluginData',
  tableName: 'plugin_data',
  properties: {
    plugin: p.string().length(63).primary(),
    key: p.string().length(200).primary(),
    value: p.json<Json>(),
  },
});

/** One value that a plugin keeps. */
export class PluginData extends PluginDataSchema.class {}
PluginDataSchema.setClass(PluginData);
