export { Registries, type RegistriesParts } from './registries.ts';
export type { Occasion } from './choice.ts';
export { Keyring } from './keyring.ts';
