import { type Definition, loadDefinition, webOnly } from './definition.ts';
import { asFailure } from './failure.ts';
import type { PluginRecord } from './record.ts';
import { resolveSettings } from './settings.ts';
import { hashFolder } from './web-hash.ts';

/** Makes an enabled plugin ready to be activated: settings checked, code loaded, web half hashed; or says why not. */
export async function prepare(record: PluginRecord, limit: number): Promise<void> {
  const { manifest, configuration } = record;
  if (!record.enabled || record.failure || !manifest || !configuration) return;
  try {
    record.settings = resolveSettings(manifest.schema, configuration.layers);
    record.webHash = manifest.web && (await hashFolder(manifest.web.root));
    record.definition ??= await load(manifest.server, limit);
  } catch (error) {
    record.failure = asFailure(error);
  }
}

async function load(server: string | undefined, limit: number): Promise<Definition> {
  return server === undefined ? webOnly : loadDefinition(server, limit);
}
