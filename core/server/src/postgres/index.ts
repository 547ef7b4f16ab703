export { type DatabaseAddress, parseAddress } from './address.ts';
export { createDatabase, databaseOwner, dropDatabase, EmbeddedCluster, findBinaries } from './embedded/index.ts';
export { type DatabaseOptions, DatabasePlace } from './place.ts';
