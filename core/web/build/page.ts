import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin, type Rolldown } from 'vite';
import { icons, iconShapes } from '../../../sdk/src/web/icons.ts';
import { tokens } from '../../../sdk/src/web/tokens.ts';
import type { PageFiles } from '../src/page.ts';
import { web } from './paths.ts';
import { sharedModules } from './vendor.ts';

type Chunk = Rolldown.OutputChunk;
type Output = readonly (Chunk | Rolldown.OutputAsset)[];

const dist = join(web, 'dist');
const assets = join(dist, 'assets');
// Built beside and then moved: a server that runs meanwhile never finds half a page.
const next = join(dist, 'assets.next');

/**
 * One build holds the shell and everything that panels share, so that there is one copy of each and the shared parts are
 * cut along the lines that the first page needs. Panels reach the shared modules by the import map.
 */
export async function buildPage(): Promise<void> {
  rmSync(next, { recursive: true, force: true });
  mkdirSync(next, { recursive: true });
  const sprite = writeAsset('icons', 'svg', spriteOf());
  const icon = writeAsset('stele', 'svg', readFileSync(join(web, 'src/stele.svg'), 'utf8'));
  const output = await bundle(sprite);
  const files = pageFiles(output, icon);
  rmSync(assets, { recursive: true, force: true });
  renameSync(next, assets);
  writeFileSync(join(dist, 'page.json'), `${JSON.stringify(files, null, 2)}\n`);
}

async function bundle(sprite: string): Promise<Output> {
  const modules = sharedModules();
  const input = Object.fromEntries(modules.map((specifier) => [nameOf(specifier), specifier]));
  const result = await build({
    configFile: false,
    root: web,
    base: '/assets/',
    logLevel: 'warn',
    publicDir: false,
    resolve: { conditions: ['source', 'browser', 'module', 'import', 'default'] },
    define: { STELE_ICONS: JSON.stringify(sprite) },
    plugins: [tokenStyles(), withoutForeignIcons()],
    build: {
      outDir: next,
      emptyOutDir: false,
      target: 'es2022',
      cssTarget: 'chrome123',
      modulePreload: false,
      sourcemap: false,
      rolldownOptions: {
        input: { shell: join(web, 'src/main.ts'), style: join(web, 'src/page.css'), ...input },
        preserveEntrySignatures: 'strict',
        output: {
          entryFileNames: '[name]-[hash].js',
          chunkFileNames: '[name]-[hash].js',
          assetFileNames: '[name]-[hash][extname]',
          codeSplitting: {
            groups: [
              { name: 'lit-all', test: /node_modules\/(lit|lit-html|lit-element|@lit)\// },
              { name: 'components', test: /node_modules\/@awesome\.me\//, minShareCount: 5 },
            ],
          },
        },
      },
    },
  });
  return (result as Rolldown.RolldownOutput).output;
}

/** The design tokens of the SDK, after Web Awesome's own in the one stylesheet. */
function tokenStyles(): Plugin {
  return {
    name: 'stele-tokens',
    enforce: 'pre',
    transform: (code, id) => (id.endsWith('/src/page.css') ? `${code}\n${tokens}` : undefined),
  };
}

/** Web Awesome carries 70 kB of icons of its own that ours replace (`icon-library.ts`): their pictures are left out. */
function withoutForeignIcons(): Plugin {
  return {
    name: 'stele-without-foreign-icons',
    transform: (code, id) =>
      id.includes('@awesome.me') && code.includes('"picture-in-picture": `<svg')
        ? code.replace(/`<svg[\s\S]*?<\/svg>`/g, '``')
        : undefined,
  };
}

function pageFiles(output: Output, icon: string): PageFiles {
  const chunks = output.filter((file): file is Chunk => file.type === 'chunk');
  const entry = chunks.find((chunk) => chunk.name === 'shell') as Chunk;
  const integrity: Record<string, string> = {};
  for (const chunk of chunks) integrity[`/assets/${chunk.fileName}`] = hashOf(join(next, chunk.fileName));
  const sdk = chunks.find((chunk) => chunk.name === nameOf('@stele/sdk/web')) as Chunk;
  const first = new Set([...closure(entry, chunks), ...closure(sdk, chunks)]);
  return {
    importMap: { imports: importsOf(chunks), integrity },
    entry: `/assets/${entry.fileName}`,
    styles: output.filter((file) => file.fileName.endsWith('.css')).map((file) => `/assets/${file.fileName}`),
    preload: [...first].filter((name) => name !== entry.fileName).map((name) => `/assets/${name}`),
    icon,
  };
}

function importsOf(chunks: readonly Chunk[]): Record<string, string> {
  const byName = new Map(chunks.filter((chunk) => chunk.isEntry).map((chunk) => [chunk.name, chunk.fileName]));
  return Object.fromEntries(
    sharedModules().map((specifier) => [specifier, `/assets/${byName.get(nameOf(specifier))}`]),
  );
}

/** A file and everything that it imports at once. */
function closure(chunk: Chunk, all: readonly Chunk[], seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(chunk.fileName)) return seen;
  seen.add(chunk.fileName);
  for (const name of chunk.imports) {
    const next = all.find((other) => other.fileName === name);
    if (next) closure(next, all, seen);
  }
  return seen;
}

function nameOf(specifier: string): string {
  return specifier.replace(/^@/, '').replace(/\.js$/, '').replaceAll('/', '-');
}

function hashOf(file: string): string {
  return `sha384-${createHash('sha384').update(readFileSync(file)).digest('base64')}`;
}

function writeAsset(name: string, ending: string, content: string): string {
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 8);
  writeFileSync(join(next, `${name}-${hash}.${ending}`), content);
  return `/assets/${name}-${hash}.${ending}`;
}

/** All icons in one file, for Web Awesome's own icons, which it takes from a URL. */
function spriteOf(): string {
  const style = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
  const symbols = Object.keys(icons).map((name) => {
    const shapes = iconShapes(name).map(({ tag, ...attributes }) => {
      const list = Object.entries(attributes).map(([key, value]) => `${key}="${value}"`);
      return `<${tag} ${list.join(' ')}/>`;
    });
    return `<symbol id="${name}" viewBox="0 0 24 24" ${style}>${shapes.join('')}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
}
