export { freeName, type Mount, Storages } from './storage.ts';
