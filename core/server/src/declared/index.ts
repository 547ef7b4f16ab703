export { checkDeclarations, checkReferences, type WrongDeclaration } from './check.ts';
export { type Declarations, Declared, type DeclaredParts } from './declared.ts';
export { referenceReader } from './references.ts';
