import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'vite';
import { root } from './paths.ts';
import { external } from './vendor.ts';

/** Bundles the web half of every plugin of the repository; what the page shares stays outside. */
export async function buildPanels(): Promise<void> {
  const entries = globSync('plugins/*/*/src/web/index.ts', { cwd: root }).sort();
  await Promise.all(entries.map((entry) => buildPanel(join(root, entry))));
}

/** Bundles one. A plugin outside of the repository may do the same, or ship what the compiler writes. */
export async function buildPanel(entry: string): Promise<void> {
  const plugin = dirname(dirname(dirname(entry)));
  if (!existsSync(join(plugin, 'package.json'))) return;
  await build({
    configFile: false,
    root: plugin,
    logLevel: 'warn',
    publicDir: false,
    build: {
      outDir: join(plugin, 'dist/web'),
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: false,
      sourcemap: false,
      minify: true,
      lib: { entry, formats: ['es'], fileName: () => 'index.js' },
      rolldownOptions: {
        external: [...external],
        output: { chunkFileNames: '[name]-[hash].js', assetFileNames: '[name]-[hash][extname]' },
      },
    },
  });
}
