import type { Options } from 'ajv';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** Knows what a schema may say. Made once: that takes as long as twenty schemas. */
let rules: Ajv2020 | undefined;

/**
 * Compiles a schema, by a compiler of its own: `$id`s of different authors can't clash, and Ajv never forgets a schema.
 * @param ownKeywords keywords beside the standard's, which check nothing
 * @throws Error for a schema that is wrong, in words
 */
export function compile(schema: object, options: Options, ownKeywords: readonly string[] = []): ValidateFunction {
  rules ??= withFormats({ strict: false });
  if (!rules.validateSchema(schema)) throw new Error(`schema is invalid: ${rules.errorsText(rules.errors)}`);
  const ajv = withFormats({ ...options, meta: false, validateSchema: false });
  ajv.addVocabulary([...ownKeywords]);
  return ajv.compile(schema);
}

function withFormats(options: Options): Ajv2020 {
  const ajv = new Ajv2020(options);
  addFormats.default(ajv);
  return ajv;
}
