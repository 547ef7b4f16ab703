export { Registries, type RegistriesParts } from './registries.ts';
export { Keyring, type Lent } from './keyring.ts';
