export { EmbeddedCluster, type ClusterOptions } from './cluster.ts';
export { createDatabase, dropDatabase, ensureDatabase } from './databases.ts';
export { databaseName } from './initdb.ts';
export { DataDirLock } from './lock.ts';
