import type { JsonSchema } from '@stele/sdk';
import type { ErrorObject, ValidateFunction } from 'ajv';
import * as schemas from '../schema/index.ts';

/** Keywords of ours that draw forms and check nothing. */
const ownKeywords = ['x-order', 'x-advanced', 'x-unit', 'x-multiline', 'x-secret', 'x-address'];

const options = {
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  allErrors: true,
  useDefaults: true,
  logger: false,
} as const;

/** Compiles a schema; throws for what it can't read, misspelt keywords included. The validator fills in defaults. */
export function compile(schema: JsonSchema): ValidateFunction {
  return schemas.compile(schema, options, ownKeywords);
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
