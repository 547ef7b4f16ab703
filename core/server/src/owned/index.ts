export { type OwnedEntity, OwnedStore } from './store.ts';
export { type OwnerNames, ownerView, readOwnerNames } from './owner-names.ts';
