import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Entries of packages that the page shares with every panel: each is one file of the import map. */
const shared = ['lit', '@lit/context', '@lit/task'] as const;
/** What `lit` itself is made of: for components of others that import the parts. */
const parts = ['lit-html', 'lit-element/lit-element.js', '@lit/reactive-element'] as const;
/** Not for a page: polyfills and server rendering. */
const left = /polyfill|is-server|experimental/;

/** What plugins' bundles leave to the import map. */
export const external: readonly RegExp[] = [
  /^lit($|\/)/,
  /^lit-html$/,
  /^lit-element\/lit-element\.js$/,
  /^@lit\/(context|task|reactive-element)$/,
  /^@stele\/sdk\/web$/,
];

/** Specifiers of all shared modules. */
export function sharedModules(): readonly string[] {
  return [...shared.flatMap(entriesOf), ...parts, '@stele/sdk/web'];
}

function entriesOf(name: string): string[] {
  if (name !== 'lit') return [name];
  const manifest = join(dirname(require.resolve(name)), 'package.json');
  const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as { exports: object };
  return Object.keys(exports)
    .filter((door) => !left.test(door) && door !== './package.json')
    .map((door) => (door === '.' ? name : `${name}/${door.slice(2)}`));
}
