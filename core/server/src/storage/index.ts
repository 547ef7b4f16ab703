export { freeName, type Mount, Storages } from './storage.ts';
export { isThrough, throughComputing } from './through.ts';
