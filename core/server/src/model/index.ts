export { advisoryLocks } from './advisory-locks.ts';
export { Database, openDatabase, openDatabaseAt, type DatabaseHealth } from './database.ts';
export * from './entities/index.ts';
export { checkServer } from './migrate.ts';
export type { PluginStates } from './plugin-states.ts';
export { openSecretBox, secretBox, type SecretBox } from './secret-box.ts';
