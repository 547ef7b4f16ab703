import { registerHooks } from 'node:module';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contains } from './package-files.ts';

/** One copy for all: types are held together by identity (tsyringe) or by contract (the SDK). */
const hostOnly = /^(@stele\/sdk|tsyringe)(\/|$)/;
/** A plugin may have its own; it gets the host's when it has none. */
const hostElse = /^(@stele\/sdk|tsyringe|typebox)(\/|$)/;

/**
 * Lets plugins that lie anywhere on disk import the SDK: Node looks for packages upwards from the importing file, and
 * would find none outside the host's tree. `roots` is read at each import, so plugins may come later.
 */
export function resolveForPlugins(roots: ReadonlySet<string>): Disposable {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (!hostElse.test(specifier)) return next(specifier, context);
      const ours = { ...context, parentURL: import.meta.url };
      if (hostOnly.test(specifier) && isOwnFile(context.parentURL, roots)) return next(specifier, ours);
      try {
        return next(specifier, context);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
        return next(specifier, ours);
      }
    },
  });
  return { [Symbol.dispose]: () => hooks.deregister() };
}

/** Whether a module is a plugin's own code, and not one of the packages installed in its folder. */
function isOwnFile(url: string | undefined, roots: ReadonlySet<string>): boolean {
  if (!url?.startsWith('file:')) return false;
  const file = fileURLToPath(url);
  const root = [...roots].find((one) => contains(one, file));
  return root !== undefined && !file.slice(root.length).includes(`${sep}node_modules${sep}`);
}
