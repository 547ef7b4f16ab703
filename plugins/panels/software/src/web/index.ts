export { SoftwarePanel } from './software-panel.ts';
