export { checkDeclarations, type WrongDeclaration } from './check.ts';
export { type Declarations, Declared } from './declared.ts';
