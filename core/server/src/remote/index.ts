export { type KeyOwner, KeyPairs, type KeyPairsParts } from './key-pairs.ts';
export { fingerprintOf } from './openssh-key.ts';
export { OwnAccounts } from './own-accounts.ts';
export { StoredAccounts } from './remote-accounts.ts';
export { OwnCredentials } from './own-credentials.ts';
export { type SchemasOf, StoredCredentials } from './stored-credentials.ts';
