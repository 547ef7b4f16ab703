export { compile, proveSchema } from './compile.ts';
export { isObject, merge, pathsOf, propertiesOf } from './objects.ts';
export { keepSecrets, type Split, splitSecrets } from './secrets.ts';
export { checkSettings } from './settings.ts';
export { type Source, validate } from './validate.ts';
