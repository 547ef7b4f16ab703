export { findBinaries } from './binaries.ts';
export { EmbeddedCluster, type ClusterOptions } from './cluster.ts';
export { createDatabase, dropDatabase, ensureDatabase } from './databases.ts';
export { databaseName } from './initdb.ts';
export { DataDirLock } from './lock.ts';
export { databaseOwner } from './owner.ts';
