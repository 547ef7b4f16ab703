import type { JsonSchema } from '../../json.ts';

/** How a value is entered. */
export type FieldKind =
  | 'text'
  | 'multiline'
  | 'secret'
  | 'number'
  | 'bytes'
  | 'seconds'
  | 'switch'
  | 'choice'
  | 'choices'
  | 'lines'
  | 'pairs'
  | 'group'
  | 'json';

/** One field of a form, as a schema asks for it. */
export interface Field {
  /** Name of the property. */
  readonly key: string;
  /** Dotted path from the form's value; what a problem's `field` names. */
  readonly path: string;
  /** How it is entered. */
  readonly kind: FieldKind;
  /** Its label. */
  readonly title: string;
  /** One sentence below it. */
  readonly description: string | undefined;
  /** Whether it must have a value. */
  readonly isRequired: boolean;
  /** Whether it is folded away at first. */
  readonly isAdvanced: boolean;
  /** Value when nothing was entered. */
  readonly default: unknown;
  /** An example, shown in the empty field. */
  readonly example: string | undefined;
  /** Of a `choice`, or of `choices`. */
  readonly choices: readonly Choice[];
  /** Of a `group`. */
  readonly fields: readonly Field[];
  /** The schema it came from. */
  readonly schema: JsonSchema;
}

/** One of several values. */
export interface Choice {
  /** The value. */
  readonly value: unknown;
  /** For people. */
  readonly title: string;
}

/** Fields of an object's schema, in the order to show them: `x-order` first, then as written. */
export function fieldsOf(schema: JsonSchema, prefix = ''): readonly Field[] {
  const required = new Set(asList(schema['required']).map(String));
  return Object.entries(asObject(schema['properties']))
    .map(([key, value]) => fieldOf(key, asObject(value), prefix, required.has(key)))
    .map((field, index) => ({ field, order: Number(field.schema['x-order'] ?? 1000 + index) }))
    .sort((a, b) => a.order - b.order)
    .map(({ field }) => field);
}

function fieldOf(key: string, schema: JsonSchema, prefix: string, isRequired: boolean): Field {
  const path = prefix === '' ? key : `${prefix}.${key}`;
  const kind = kindOf(schema);
  const example = asList(schema['examples'])[0];
  return {
    key,
    path,
    kind,
    title: typeof schema['title'] === 'string' ? schema['title'] : titleOf(key),
    description: typeof schema['description'] === 'string' ? schema['description'] : undefined,
    isRequired,
    isAdvanced: schema['x-advanced'] === true,
    default: schema['default'],
    example: example === undefined ? undefined : textOf(example),
    choices: choicesOf(kind === 'choices' ? asObject(schema['items']) : schema),
    fields: kind === 'group' ? fieldsOf(schema, path) : [],
    schema,
  };
}

function kindOf(schema: JsonSchema): FieldKind {
  if (choicesOf(schema).length > 0) return 'choice';
  const types = asList(schema['type'] ?? []).concat(typeof schema['type'] === 'string' ? [schema['type']] : []);
  if (types.includes('boolean')) return 'switch';
  if (types.includes('integer') || types.includes('number')) return numberKind(schema);
  if (types.includes('string')) return textKind(schema);
  if (types.includes('array') && choicesOf(asObject(schema['items'])).length > 0) return 'choices';
  if (types.includes('array') && asObject(schema['items'])['type'] === 'string') return 'lines';
  if (types.includes('object')) return objectKind(schema);
  return 'json';
}

function numberKind(schema: JsonSchema): FieldKind {
  const unit = schema['x-unit'];
  return unit === 'bytes' || unit === 'seconds' ? unit : 'number';
}

function textKind(schema: JsonSchema): FieldKind {
  if (schema['x-secret'] === true || schema['format'] === 'password') return 'secret';
  // A long value of a fixed form is a path or an address: one line.
  const isFree = !('pattern' in schema) && !('allOf' in schema);
  const isLong =
    schema['x-multiline'] === true ||
    schema['format'] === 'textarea' ||
    (isFree && Number(schema['maxLength']) >= 1000);
  return isLong ? 'multiline' : 'text';
}

function objectKind(schema: JsonSchema): FieldKind {
  if (Object.keys(asObject(schema['properties'])).length > 0) return 'group';
  const values = asObject(schema['additionalProperties'] ?? firstOf(schema['patternProperties']));
  return values['type'] === 'string' ? 'pairs' : 'json';
}

function choicesOf(schema: JsonSchema): readonly Choice[] {
  const list = asList(schema['enum']);
  if (list.length > 0) return list.map((value) => ({ value, title: String(value) }));
  const options = [...asList(schema['oneOf']), ...asList(schema['anyOf'])].map(asObject);
  const isChoice = options.length > 0 && options.every((option) => 'const' in option);
  return isChoice ? options.map((o) => ({ value: o['const'], title: String(o['title'] ?? o['const']) })) : [];
}

/** A value as text: strings as they are, everything else as JSON; nothing for no value. */
export function textOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/** `maxRunTime` and `max-run-time` become `Max run time`. */
export function titleOf(key: string): string {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[-_]+/g, ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What the form starts with: what is given, and the defaults for the rest. */
export function startValue(
  fields: readonly Field[],
  given: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const value: Record<string, unknown> = { ...given };
  for (const field of fields) {
    if (field.kind === 'group') {
      const inner = startValue(field.fields, asObject(given[field.key]));
      if (Object.keys(inner).length > 0) value[field.key] = inner;
    } else if (value[field.key] === undefined && field.default !== undefined) {
      value[field.key] = field.default;
    }
  }
  return value;
}

/** The value with the one at `path` replaced; `undefined` takes it out. */
export function withValue(
  value: Readonly<Record<string, unknown>>,
  path: string,
  next: unknown,
): Record<string, unknown> {
  const [key = '', ...rest] = path.split('.');
  const copy: Record<string, unknown> = { ...value };
  const inner = rest.length > 0 ? withValue(asObject(copy[key]), rest.join('.'), next) : next;
  if (inner === undefined) delete copy[key];
  else copy[key] = inner;
  return copy;
}

/** The value at a dotted path. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => asObject(inner)[key], value);
}

function firstOf(value: unknown): unknown {
  return Object.values(asObject(value))[0];
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
