export { Registries } from './registries.ts';
export type { Occasion } from './choice.ts';
export { GuardedRegistries } from './guarded.ts';
export { Keyring } from './keyring.ts';
