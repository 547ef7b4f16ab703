export { freeName, type Mount, Storages } from './storage.ts';
export { isThrough } from './through.ts';
