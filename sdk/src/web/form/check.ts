import type { JsonSchema } from '../../json.ts';
import { formatNumber } from '../format.ts';
import { valueAt, type Field } from './fields.ts';
import { numberWords } from './words.ts';

/**
 * What is plainly wrong with a value, in a sentence; `undefined` when it looks right. Only what a person can be told while
 * they type: the server checks everything again by the same schema.
 * @param isKept whether the server has a value that it keeps when none is given
 */
export function complaint(field: Field, value: unknown, isKept = false): string | undefined {
  if (value === undefined && isKept) return undefined;
  if (isEmpty(value)) return field.isRequired ? `${field.title} is needed.` : undefined;
  if (typeof value === 'number') return numberComplaint(field, value);
  if (field.kind === 'json') return jsonComplaint(field, value);
  if (typeof value === 'string') return textComplaint(field, value);
  return undefined;
}

/** Every complaint about a form's value, by path. */
export function complaints(
  fields: readonly Field[],
  value: unknown,
  kept: ReadonlySet<string> = new Set(),
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const field of fields) {
    if (field.kind === 'group') {
      for (const [path, words] of complaints(field.fields, value, kept)) found.set(path, words);
      continue;
    }
    const words = complaint(field, valueAt(value, field.path), kept.has(field.path));
    if (words !== undefined) found.set(field.path, words);
  }
  return found;
}

/** The field that a problem names, or the nearest one above it: `options.mounts.0.path` finds `mounts`. */
export function fieldNamed(fields: readonly Field[], name: string, prefix = ''): Field | undefined {
  const path = prefix !== '' && name.startsWith(`${prefix}.`) ? name.slice(prefix.length + 1) : name;
  return allOf(fields)
    .filter((field) => path === field.path || path.startsWith(`${field.path}.`))
    .sort((a, b) => b.path.length - a.path.length)[0];
}

/**
 * The folds that have to be open for a field to be seen, outermost first: the path of the group whose advanced fields it
 * is among, `''` for the form's own.
 */
export function foldsAround(fields: readonly Field[], path: string, group = ''): readonly string[] {
  const field = fields.find((one) => path === one.path || path.startsWith(`${one.path}.`));
  if (!field) return [];
  return [...(field.isAdvanced ? [group] : []), ...foldsAround(field.fields, path, field.path)];
}

function allOf(fields: readonly Field[]): readonly Field[] {
  return fields.flatMap((field) => [field, ...allOf(field.fields)]);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function numberComplaint(field: Field, value: number): string | undefined {
  const { minimum, maximum, type } = field.schema;
  if (Number.isNaN(value)) return `${field.title} has to be a number.`;
  if (type === 'integer' && !Number.isInteger(value)) return `${field.title} has to be a whole number.`;
  if (typeof minimum === 'number' && value < minimum) return `At least ${numberWords(field, minimum)}.`;
  if (typeof maximum === 'number' && value > maximum) return `At most ${numberWords(field, maximum)}.`;
  return undefined;
}

function textComplaint(field: Field, value: string): string | undefined {
  const { minLength, maxLength, pattern } = field.schema;
  if (typeof maxLength === 'number' && value.length > maxLength)
    return `At most ${formatNumber(maxLength)} characters.`;
  if (typeof minLength === 'number' && value.length < minLength)
    return `At least ${formatNumber(minLength)} characters.`;
  if (typeof pattern === 'string' && !fits(pattern, value)) return `${field.title} can’t be written like this.`;
  return undefined;
}

/** What isn't JSON stays the string that was typed. */
function jsonComplaint({ title, schema }: Field, value: unknown): string | undefined {
  const { type } = schema;
  if (type === 'array' && !Array.isArray(value)) return `${title} has to be a list in JSON, such as ${sketch(schema)}.`;
  if (type === 'object' && (typeof value !== 'object' || Array.isArray(value)))
    return `${title} has to be an object in JSON, such as ${sketch(schema)}.`;
  return undefined;
}

/** What a value looks like, with the properties that it must have: `[{"host": "…"}]`. */
function sketch(schema: JsonSchema): string {
  if (schema['type'] === 'array') return `[${sketch((schema['items'] ?? {}) as JsonSchema)}]`;
  if (schema['type'] !== 'object') return '…';
  const needed = (schema['required'] ?? []) as readonly string[];
  return `{${needed.map((name) => `"${name}": "…"`).join(', ')}}`;
}

function fits(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    // A pattern that this engine can't read is the server's to check.
    return true;
  }
}
