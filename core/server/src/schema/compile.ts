import type { Options } from 'ajv';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** Knows what a schema may say. Made when a schema has to be proven: that takes as long as twenty of them. */
let rules: Ajv2020 | undefined;

/** Holds a schema against the standard. For those that aren't our own. @throws Error for one that is wrong, in words */
export function proveSchema(schema: object): void {
  rules ??= withFormats({ strict: false });
  if (!rules.validateSchema(schema)) throw new Error(`schema is invalid: ${rules.errorsText(rules.errors)}`);
}

/**
 * Compiles a schema, by a compiler of its own: `$id`s of different authors can't clash, and Ajv never forgets a schema.
 * Of what is wrong with it, it finds a part: see {@link proveSchema}.
 * @param ownKeywords keywords beside the standard's, which check nothing
 * @throws Error for a schema that it can't read, in words
 */
export function compile(schema: object, options: Options, ownKeywords: readonly string[] = []): ValidateFunction {
  const ajv = withFormats({ ...options, meta: false, validateSchema: false });
  ajv.addVocabulary([...ownKeywords]);
  return ajv.compile(schema);
}

function withFormats(options: Options): Ajv2020 {
  const ajv = new Ajv2020(options);
  addFormats.default(ajv);
  return ajv;
}
