export { Storages } from './storage.ts';
