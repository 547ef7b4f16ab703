export { StoragePanel } from './panel.ts';
