export { advisoryLocks } from './advisory-locks.ts';
export { Database, openDatabase, type DatabaseHealth, type DatabaseOptions } from './database.ts';
export { databaseOwner, findBinaries } from './embedded/index.ts';
export * from './entities/index.ts';
export { checkServer } from './migrate.ts';
export type { PluginStates } from './plugin-states.ts';
export { openSecretBox, secretBox, type SecretBox } from './secret-box.ts';
