import type { ErrorObject } from 'ajv';

interface Branch {
  readonly properties?: Readonly<Record<string, { readonly const?: unknown }>>;
  readonly required?: readonly string[];
}

/** What is wrong with a value that fits none of several schemas: the schema that it was meant for, or its mark. */
export type Meant = { readonly branch: object } | { readonly mark: string; readonly known: readonly unknown[] };

/**
 * Which schema of a union a value was meant for: the one whose marks (`const`) it carries; without marks, the first whose
 * required keys it has. So that an error names the field that is wrong, and not the whole value.
 */
export function meant({ schema, data }: Pick<ErrorObject, 'schema' | 'data'>): Meant {
  const branches = schema as readonly Branch[];
  const first = { branch: branches[0] as object };
  if (typeof data !== 'object' || data === null) return first;
  const value = data as Readonly<Record<string, unknown>>;
  const [mark] = branches.flatMap(marks);
  if (mark === undefined)
    return { branch: branches.find((branch) => hasAll(branch, value)) ?? (branches.at(-1) as object) };
  if (!Object.hasOwn(value, mark)) return first;
  const branch = branches.find(({ properties }) => properties?.[mark]?.const === value[mark]);
  return branch ? { branch } : { mark, known: branches.map(({ properties }) => properties?.[mark]?.const) };
}

const marks = ({ properties = {} }: Branch): string[] =>
  Object.keys(properties).filter((name) => properties[name]?.const !== undefined);

const hasAll = ({ required = [] }: Branch, value: object): boolean =>
  required.every((key) => Object.hasOwn(value, key));
