import type { JsonSchema } from '@stele/sdk';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { default as addFormats } from 'ajv-formats';

/** Keywords of ours that draw forms and check nothing. */
const ownKeywords = ['x-order', 'x-advanced', 'x-unit', 'x-multiline', 'x-secret', 'x-address'];

/**
 * Compiles a schema; throws when it is wrong, misspelt keywords included. Each schema gets a compiler of its own, so
 * that `$id`s of different plugins can't clash. The validator fills in defaults.
 */
export function compile(schema: JsonSchema): ValidateFunction {
  const ajv = new Ajv2020({
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    allErrors: true,
    useDefaults: true,
    logger: false,
  });
  addFormats.default(ajv);
  ajv.addVocabulary(ownKeywords);
  return ajv.compile(schema);
}

/** The problems in words, such as "`limits.memory` must be integer". Never quotes a value: it may be a secret. */
export function problemsOf(validate: ValidateFunction): string {
  return (validate.errors ?? []).map(describe).join('; ');
}

function describe(error: ErrorObject): string {
  const path = error.instancePath.slice(1).replaceAll('/', '.');
  return `${path === '' ? 'it' : `\`${path}\``} ${error.message ?? 'is wrong'}${detail(error)}`;
}

function detail({ keyword, params }: ErrorObject): string {
  if (keyword === 'additionalProperties') return ` (\`${String(params['additionalProperty'])}\`)`;
  if (keyword === 'unevaluatedProperties') return ` (\`${String(params['unevaluatedProperty'])}\`)`;
  if (keyword === 'enum') return `: ${JSON.stringify(params['allowedValues'])}`;
  return '';
}
