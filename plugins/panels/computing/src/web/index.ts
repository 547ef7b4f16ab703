export { ComputingPanel } from './panel.ts';
