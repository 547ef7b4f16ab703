import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Yard } from '../../e2e/lib/index.ts';

/** A plugin's package as a test writes it. */
export interface PluginText {
  /** Text of the server half; none without. */
  readonly server?: string;
  /** Further keys of `stele` in `package.json`. */
  readonly stele?: Readonly<Record<string, unknown>>;
  /** SDK range. */
  readonly range?: string;
  /** Further files by their path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Writes plugins into a folder of the yard, for `pluginFolders.development`. */
export async function writePlugins(yard: Yard, plugins: Readonly<Record<string, PluginText>>): Promise<string> {
  const folder = await yard.folder('plugins');
  for (const [id, plugin] of Object.entries(plugins)) {
    for (const [path, text] of Object.entries(filesOf(id, plugin))) {
      await mkdir(dirname(join(folder, id, path)), { recursive: true });
      await writeFile(join(folder, id, path), text);
    }
  }
  return folder;
}

function filesOf(id: string, { server, stele, range = '^1.0.0', files }: PluginText): Readonly<Record<string, string>> {
  const manifest = { id, ...(server === undefined ? {} : { server: './index.ts' }), ...stele };
  const packageJson = { name: id, version: '1.0.0', type: 'module', engines: { stele: range }, stele: manifest };
  return {
    'package.json': JSON.stringify(packageJson),
    ...(server === undefined ? {} : { 'index.ts': server }),
    ...files,
  };
}
