export { type Declarations, Declared } from './declared.ts';
