import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { type JsonSchema, sdkVersion } from '@stele/sdk';
import { type Candidate, candidateAt, discover } from './discover.ts';
import { asFailure, manifestInvalid, type PluginFailure } from './failure.ts';
import { checkManifest, idOf, type PluginPackage } from './manifest.ts';
import { doctorModule, serverModule, settingsSchema, type WebHalf, webHalf } from './package-files.ts';
import { refuseOwnCopies } from './sdk-copy.ts';
import { checkSdkRange } from './sdk-range.ts';
import { checkSchema, validatorOf } from './settings.ts';
import type { Place, PluginFolder, Source } from './types.ts';

/** A manifest that was found right, and the files that it names. */
export interface Manifest {
  readonly package: PluginPackage;
  readonly server: string | undefined;
  readonly web: WebHalf | undefined;
  readonly doctor: string | undefined;
  readonly schema: JsonSchema | undefined;
}

/** A plugin that was found, right or wrong. */
export interface Listing {
  readonly id: string;
  /** Its manifest tells no id; `id` is the folder's name, and stands for nothing. */
  readonly isNameless: boolean;
  readonly place: Place;
  /** Its key in the site file, when that isn't the id. */
  readonly name: string | undefined;
  readonly manifest: Manifest | PluginFailure;
  readonly overrides: readonly Place[];
  readonly overriddenBy: Place | undefined;
}

export interface Catalogue {
  readonly listings: readonly Listing[];
  readonly empty: readonly PluginFolder[];
}

/** Finds all plugins and checks their manifests. Runs no code of theirs. */
export async function readCatalogue(folders: readonly PluginFolder[]): Promise<Catalogue> {
  const { candidates, empty } = await discover(folders);
  const listings = await Promise.all(candidates.map((candidate) => list(candidate, candidates)));
  return { listings, empty };
}

/** Who has an id is decided by what the manifest claims, be it right or wrong: a broken override must not go unseen. */
async function list(candidate: Candidate, all: readonly Candidate[]): Promise<Listing> {
  const id = idOf(candidate.packageJson);
  const rivals = id === undefined ? [candidate] : all.filter((one) => idOf(one.packageJson) === id);
  const [winner, ...losers] = rivals.map(({ source, path }): Place => ({ source, path }));
  const isWinner = winner?.path === candidate.path;
  return {
    id: id ?? basename(candidate.path),
    isNameless: id === undefined,
    place: { source: candidate.source, path: candidate.path },
    name: candidate.name,
    manifest: await inspect(candidate),
    overrides: isWinner ? losers : [],
    overriddenBy: isWinner ? undefined : winner,
  };
}

/** Looks at a plugin's package once more: someone may have mended it. */
export async function reread({ id, place, name }: Listing): Promise<Manifest | PluginFailure> {
  try {
    const candidate = await candidateAt({ kind: place.source, name }, place.path);
    if (idOf(candidate?.packageJson) !== id)
      throw manifestInvalid(`it is no longer plugin ${id}; restart Stele to find what it is`);
    return await inspect({ ...place, packageJson: candidate?.packageJson });
  } catch (error) {
    return asFailure(error);
  }
}

/** Checks everything about a plugin that can be known without running it. */
async function inspect({ source, path, packageJson, unreadable }: Candidate): Promise<Manifest | PluginFailure> {
  try {
    if (unreadable !== undefined) throw manifestInvalid(unreadable);
    return await inspectPackage(source, path, checkManifest(packageJson));
  } catch (error) {
    return asFailure(error);
  }
}

async function inspectPackage(source: Source, path: string, plugin: PluginPackage): Promise<Manifest> {
  const root = await realpath(path);
  const { stele } = plugin;
  checkSdkRange(plugin.engines.stele, sdkVersion);
  refuseOwnCopies(root);
  const schema = await settingsSchema(root, stele.settings);
  // Of those that come with Stele, the build has done it.
  if (schema && source !== 'built-in') checkSchema(schema);
  validatorOf(schema);
  const server = stele.server === undefined ? undefined : await serverModule(root, stele.server);
  const web = stele.web === undefined ? undefined : await webHalf(root, stele.web, server);
  const doctor = stele.doctor === undefined ? undefined : await doctorModule(root, stele.doctor);
  return { package: plugin, server, web, doctor, schema };
}
