import { code } from './fill.ts';

/** What the tables read of a JSON Schema. */
export interface Shape {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly 'x-unit'?: string;
}

/** What may stand there, in a few words. Pure. */
export function valueOf(shape: Shape): string {
  if (shape.enum) return shape.enum.map((one) => code(String(one))).join(' or ');
  if (shape.type === 'array') return 'list';
  if (shape.type === 'object') return 'map';
  const unit = shape['x-unit'] === undefined ? '' : ` of ${shape['x-unit']}`;
  return `${nameOf(shape.type)}${unit}${range(shape)}`;
}

function nameOf(type: string | undefined): string {
  return type === 'integer' || type === 'number' ? 'number' : type === 'boolean' ? 'yes or no' : 'text';
}

function range({ minimum, maximum }: Shape): string {
  if (minimum !== undefined && maximum !== undefined) return ` ${minimum}–${maximum}`;
  if (minimum !== undefined) return ` from ${minimum}`;
  return '';
}

/** The default as it would be written in a site file. Pure. */
export function defaultOf(shape: Shape): string {
  return shape.default === undefined ? '' : code(JSON.stringify(shape.default));
}
