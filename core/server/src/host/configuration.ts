import type { JsonObject } from '@stele/sdk';
import type { Listing, Manifest } from './catalogue.ts';
import { type Environment, settingsFromEnvironment } from './environment.ts';
import { readSection } from './section.ts';
import type { PluginSection } from './types.ts';

export type SiteSections = Readonly<Record<string, PluginSection | null>>;

/** What site file and environment say about one plugin. */
export interface Configuration {
  /** As the operator left it; an administrator may say otherwise, unless it is locked. */
  readonly enabled: boolean;
  readonly lockedEnabled: boolean | undefined;
  /** Settings by rising precedence: site file < environment < locked. Not checked yet: a disabled plugin needs none. */
  readonly layers: readonly JsonObject[];
  readonly locked: JsonObject;
}

export function configure(
  listing: Listing,
  manifest: Manifest,
  site: SiteSections,
  environment: Environment,
): Configuration {
  const section = readSection(sectionOf(listing, site));
  const variables = settingsFromEnvironment(listing.id, manifest.schema, environment);
  return {
    enabled: section.lockedEnabled ?? variables.enabled ?? section.enabled ?? true,
    lockedEnabled: section.lockedEnabled,
    layers: [section.settings, variables.settings, section.locked],
    locked: section.locked,
  };
}

/** A section under the path or package name that led to the plugin stands in for one under its id. */
function sectionOf({ id, name }: Listing, site: SiteSections): PluginSection | null | undefined {
  const key = name !== undefined && Object.hasOwn(site, name) ? name : id;
  return Object.hasOwn(site, key) ? site[key] : undefined;
}
