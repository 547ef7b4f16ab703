import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, StepFailed } from './run.ts';

/**
 * Writes `dist/settings.schema.json` of every plugin that has `src/settings.ts`, from its export `settings`.
 * The host reads the manifest's schema before it runs any code of the plugin, so the schema has to be a file.
 */
export async function writeSettingsSchemas(): Promise<void> {
  for (const source of globSync('plugins/*/*/src/settings.ts', { cwd: root })) {
    await writeSchema(join(root, dirname(dirname(source))));
  }
}

async function writeSchema(plugin: string): Promise<void> {
  const compiled = join(plugin, 'dist/settings.js');
  const module = (await import(pathToFileURL(compiled).href)) as { settings?: unknown };
  const where = relative(root, plugin);
  if (typeof module.settings !== 'object') throw new StepFailed(`${where}/src/settings.ts must export \`settings\``);
  const text = `${JSON.stringify(module.settings, null, 2)}\n`;
  const target = join(plugin, 'dist/settings.schema.json');
  if (existsSync(target) && readFileSync(target, 'utf8') === text) return;
  await prove(module.settings, where);
  writeFileSync(target, text);
}

/** So that no start has to. */
async function prove(schema: object | null, where: string): Promise<void> {
  const module = pathToFileURL(join(root, 'core/server/dist/schema/index.js')).href;
  const { proveSchema } = (await import(module)) as { proveSchema(schema: unknown): void };
  try {
    proveSchema(schema);
  } catch (error) {
    throw new StepFailed(`${where}/src/settings.ts: ${(error as Error).message}`);
  }
}
