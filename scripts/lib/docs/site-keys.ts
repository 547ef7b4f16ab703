import { variableOf } from '../../../core/server/src/site/environment.ts';
import { SiteSchema } from '../../../core/server/src/site/schema.ts';
import { code, table } from './fill.ts';
import { type Shape, valueOf } from './shape.ts';

interface Key {
  readonly path: readonly string[];
  readonly shape: Shape;
}

/** Every key of the site file, with its environment variable. */
export function siteKeysBlock(): string {
  const rows = keysOf(SiteSchema as Shape, []).map(({ path, shape }) => [
    code(path.join('.')),
    isScalar(shape) ? code(variableOf(path)) : '',
    valueOf(shape),
    shape.description ?? '',
  ]);
  return table(['key', 'environment variable', 'value', 'what'], rows);
}

function keysOf({ properties = {} }: Shape, above: readonly string[]): readonly Key[] {
  return Object.entries(properties).flatMap(([name, shape]) => {
    const path = [...above, name];
    return shape.properties ? keysOf(shape, path) : [{ path, shape }];
  });
}

/** Lists and maps can't be said in a variable. */
function isScalar({ type, enum: choices }: Shape): boolean {
  return choices !== undefined || type === 'string' || type === 'integer' || type === 'number' || type === 'boolean';
}
