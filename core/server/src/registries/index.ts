export { Registries } from './registries.ts';
export type { Occasion } from './choice.ts';
export { Keyring } from './keyring.ts';
