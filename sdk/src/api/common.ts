import { type Static, type TObject, type TProperties, type TSchema, type TSchemaOptions, Type } from 'typebox';

/** UUID of an object. */
export const Id = Type.String({ format: 'uuid', description: 'UUID' });

/** A moment: ISO 8601, UTC. */
export const Timestamp = Type.String({ format: 'date-time', description: 'ISO 8601, UTC' });

/** White space, and characters that have no width. */
const unseen = '\\s\\u200b-\\u200f\\u2060-\\u2064';
/** Control characters, separators of lines, and what turns the direction of the text after it: a name shows as it is. */
const deceiving = '\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069';

/** A name for people: something can be seen of it, in one line, and it turns no text around it. */
export const Name = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: `^(?=[${unseen}]*[^${unseen}])[^${deceiving}]+$`,
  title: 'Name',
});

/** A strict object: a key that isn't declared is an error. */
export function Strict<P extends TProperties>(properties: P, options: object = {}) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/**
 * A strict object with every property optional: what changes an object. `Type.Partial` alone would let any key in, and
 * defaults would change what nobody named.
 */
export function Patch<P extends TProperties>({ properties }: TObject<P>) {
  const named = Object.entries(properties).map(([name, schema]) => [name, withoutDefault(schema)] as const);
  return Type.Partial(Type.Object(Object.fromEntries(named) as P), { additionalProperties: false });
}

function withoutDefault(schema: TSchema): TSchema {
  const { default: _, ...rest } = schema as TSchema & { default?: unknown };
  return rest;
}

/** One of a list of words. */
export function Words<W extends string[]>(list: readonly [...W], options: TSchemaOptions = {}) {
  return Type.Enum<W>(list, options);
}

/** Who owns an object. */
export const Owner = Type.Union(
  [
    Strict({ kind: Type.Literal('platform') }),
    Strict({ kind: Type.Literal('user'), id: Id, name: Type.Optional(Type.String()) }),
    Strict({ kind: Type.Literal('group'), id: Id, name: Type.Optional(Type.String()) }),
  ],
  { description: 'The platform, a user, or a group' },
);
/** Who owns an object. */
export type Owner = Static<typeof Owner>;

/** Roles, each including the one before. */
export const Role = Type.Enum(['standard', 'power', 'admin']);
/** Roles, each including the one before. */
export type Role = Static<typeof Role>;

/** A page of a list. */
export function ListOf<T extends TSchema>(item: T) {
  return Strict({
    items: Type.Array(item),
    next: Type.Optional(Type.String({ description: 'Cursor of the next page' })),
  });
}

/** A page of a list. */
export interface List<T> {
  /** The rows. */
  readonly items: readonly T[];
  /** Cursor of the next page; absent at the end. */
  readonly next?: string;
}

/** What every list takes. */
export const ListQuery = Strict({
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
});

/** An error as RFC 9457 problem JSON. */
export const Problem = Strict({
  type: Type.String({ default: 'about:blank' }),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String({ description: 'For programs, e.g. INVALID' }),
  detail: Type.Optional(Type.String({ description: 'For people: what happened and what to do' })),
  field: Type.Optional(Type.String({ description: 'Path of the wrong value, dotted' })),
  requestId: Type.String(),
});
/** An error as RFC 9457 problem JSON. */
export type Problem = Static<typeof Problem>;

/** What the viewer may do with an object. */
export const Rights = Strict({ use: Type.Boolean(), change: Type.Boolean() });
/** What the viewer may do with an object. */
export type Rights = Static<typeof Rights>;

/** A plain JSON object. */
export const JsonValue = Type.Record(Type.String(), Type.Unknown());
