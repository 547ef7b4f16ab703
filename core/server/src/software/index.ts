export { Softwares } from './software.ts';
