import type { JsonSchema } from '../../json.ts';
import { formatBytes, formatDuration, formatMemory, formatNumber } from '../format.ts';
import { fieldsOf, textOf, titleOf, type Field } from './fields.ts';

/** A setting for people: its title and its value, both in words. */
export interface Setting {
  /** Title of the field; of one in a group, the group's before it. */
  readonly title: string;
  /** The value. */
  readonly words: string;
  /** Whether the words are for machines: a path, a list, JSON. */
  readonly isCode: boolean;
}

/** A number with its field's unit: `4 GiB`, `2 hr 5 min`. */
export function numberWords(field: Pick<Field, 'kind'>, value: number): string {
  if (field.kind === 'seconds') return formatDuration(value);
  if (field.kind === 'bytes') return value % 1000 === 0 ? formatBytes(value) : formatMemory(value);
  return formatNumber(value);
}

/**
 * An object's values in the words of its schema, in the schema's order; what the schema does not know comes last, under its
 * key. Secrets are not told.
 */
export function settingsOf(value: Readonly<Record<string, unknown>>, schema: JsonSchema = {}): readonly Setting[] {
  const fields = fieldsOf(schema);
  const known = new Set(fields.map(({ key }) => key));
  const rest = Object.entries(value).filter(([key, one]) => !known.has(key) && isThere(one));
  return [
    ...fields.filter(({ key }) => isThere(value[key])).flatMap((field) => settingsIn(field, value[field.key])),
    ...rest.map(([key, one]) => ({ title: titleOf(key), words: textOf(one), isCode: true })),
  ];
}

function settingsIn(field: Field, value: unknown): readonly Setting[] {
  const { kind, title } = field;
  if (kind === 'group' && typeof value === 'object' && value !== null) {
    const inner = settingsOf(value as Record<string, unknown>, field.schema);
    return inner.map((one) => ({ ...one, title: `${title}: ${one.title}` }));
  }
  return [{ title, words: valueWords(field, value), isCode: isCode(field, value) }];
}

function valueWords(field: Field, value: unknown): string {
  if (field.kind === 'secret') return '••••••';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'number') return numberWords(field, value);
  const titles = field.choices.filter((choice) => choice.value === value || listed(value).includes(choice.value));
  if (titles.length > 0) return titles.map((choice) => choice.title).join(', ');
  const list = listed(value);
  return list.length > 0 && list.every((one) => typeof one === 'string') ? list.join('\n') : textOf(value);
}

function isCode(field: Field, value: unknown): boolean {
  return field.choices.length === 0 && field.kind !== 'secret' && !['boolean', 'number'].includes(typeof value);
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}
