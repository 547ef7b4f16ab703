export { TasksPanel } from './tasks-panel.ts';
