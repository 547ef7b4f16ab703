export { AccountPanel } from './panel.ts';
