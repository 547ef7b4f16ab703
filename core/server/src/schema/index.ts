export { compile } from './compile.ts';
export { checkSettings } from './settings.ts';
export { type Source, validate } from './validate.ts';
