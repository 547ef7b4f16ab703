export { Database, openDatabase, type DatabaseHealth, type DatabaseOptions } from './database.ts';
export * from './entities/index.ts';
export type { PluginStates } from './plugin-states.ts';
export { openSecretBox, secretBox, type SecretBox } from './secret-box.ts';
