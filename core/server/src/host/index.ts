/** The plugin host: finds plugins, checks them, and keeps those active that can be. */
export { PluginHost } from './host.ts';
export { type Inspection, inspectPlugins, type PluginInspection } from './inspect.ts';
export { namedFolder } from './named-folder.ts';
export type * from './types.ts';
