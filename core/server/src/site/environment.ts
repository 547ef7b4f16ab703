import type { TSchema } from 'typebox';

type Tree = { [key: string]: unknown };
type Shape = { properties?: Record<string, Shape>; type?: unknown };

/** A value of the environment and where it goes in the site file. */
export interface EnvironmentKey {
  readonly path: readonly string[];
  readonly value: string;
}

/**
 * Every scalar key of the site file is also a variable: `site.tasks.domain` is `STELE_SITE__TASKS__DOMAIN`.
 */
export function environmentKeys(environment: NodeJS.ProcessEnv, schema: TSchema): EnvironmentKey[] {
  return scalarPaths(schema as Shape, []).flatMap((path) => {
    const value = environment[variableOf(path)];
    return value === undefined ? [] : [{ path, value }];
  });
}

/** Name of the variable for a key. */
export function variableOf(path: readonly string[]): string {
  return `STELE_${path.map((part) => part.toUpperCase()).join('__')}`;
}

function scalarPaths(schema: Shape, above: readonly string[]): (readonly string[])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const path = [...above, name];
    if (inner.properties) return scalarPaths(inner, path);
    return inner.type === 'array' || inner.type === 'object' ? [] : [path];
  });
}

/** `tree` with each key set; nothing given is changed. */
export function overlay(tree: Tree, keys: readonly EnvironmentKey[]): Tree {
  const result = structuredClone(tree);
  for (const { path, value } of keys) {
    let place = result;
    for (const part of path.slice(0, -1)) place = (place[part] ??= {}) as Tree;
    place[path.at(-1) as string] = value;
  }
  return result;
}
