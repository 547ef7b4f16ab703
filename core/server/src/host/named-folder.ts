import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';

/**
 * The folder that a key of the site file's `plugins` names: a path (`./my-driver`, `/opt/driver`) or an installed
 * package, looked up from `base` as Node does. `undefined` for what is neither, such as the id of a built-in plugin.
 */
export function namedFolder(name: string, base: string): string | undefined {
  if (name.startsWith('./') || name.startsWith('../') || isAbsolute(name)) return resolve(base, name);
  return packageFolder(name, base);
}

/** The folder of an installed package as seen from `from`: the nearest `node_modules` that has it. */
export function packageFolder(name: string, from: string): string | undefined {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(from);
  return parent === from ? undefined : packageFolder(name, parent);
}
