import type { JsonObject } from '@stele/sdk';
import { type Listing, readCatalogue } from './catalogue.ts';
import { configure, type SiteSections } from './configuration.ts';
import type { Environment } from './environment.ts';
import { asFailure, PluginFailure } from './failure.ts';
import { resolveSettings } from './settings.ts';
import type { Place, PluginCode, PluginFolder } from './types.ts';

/** What can be known of a plugin without running any of its code. */
export interface PluginInspection extends Place {
  readonly id: string;
  readonly version: string;
  /** As site file and environment say. An administrator's choice is in the database. */
  readonly enabled: boolean;
  /** Checked, with defaults. Holds secrets. */
  readonly settings: JsonObject;
  /** Absolute path of the module that the doctor asks. */
  readonly doctor?: string;
  readonly problem?: { readonly code: PluginCode; readonly reason: string };
  readonly overriddenBy?: Place;
}

export interface Inspection {
  readonly plugins: readonly PluginInspection[];
  /** Sections of the site file that mean no plugin: misspelt, or not installed. */
  readonly strangers: readonly string[];
  /** Folders that were named and hold no plugin. */
  readonly empty: readonly PluginFolder[];
}

/** Finds the plugins of a site and checks their manifests and settings. */
export async function inspectPlugins(
  folders: readonly PluginFolder[],
  sections: SiteSections,
  environment: Environment,
): Promise<Inspection> {
  const { listings, empty } = await readCatalogue(folders);
  const plugins = listings.map((listing) => inspect(listing, sections, environment));
  return { plugins, strangers: strangers(sections, listings), empty };
}

/** Keys of `sections` that mean no plugin. */
export function strangers(sections: SiteSections | undefined, listings: readonly Listing[]): string[] {
  const known = new Set(listings.flatMap(({ id, name }) => [id, name]));
  return Object.keys(sections ?? {}).filter((key) => !known.has(key));
}

function inspect(listing: Listing, sections: SiteSections, environment: Environment): PluginInspection {
  const { id, place, manifest, overriddenBy } = listing;
  const version = manifest instanceof PluginFailure ? '' : manifest.package.version;
  const shown = { id, version, ...place, ...(overriddenBy && { overriddenBy }) };
  try {
    if (manifest instanceof PluginFailure) throw manifest;
    const { enabled, layers } = configure(listing, manifest, sections, environment);
    const doctor = manifest.doctor === undefined ? {} : { doctor: manifest.doctor };
    return { ...shown, ...doctor, enabled, settings: enabled ? resolveSettings(manifest.schema, layers) : {} };
  } catch (error) {
    const { code, message } = asFailure(error);
    return { ...shown, enabled: true, settings: {}, problem: { code, reason: message } };
  }
}
