/** What can be known of a site without running it: for `stele doctor`, and for commands while nothing runs. */
import {
  checkDeclarations,
  checkReferences,
  type Declarations,
  referenceReader,
  type WrongDeclaration,
} from '../declared/index.ts';
import { type Inspection, inspectPlugins } from '../host/index.ts';
import { type Site, withData } from '../site/index.ts';
import { pluginFolders } from './plugins.ts';

export type { WrongDeclaration };
export type { Inspection, PluginInfo, PluginInspection } from '../host/index.ts';
export { checkServer, openSecretBox } from '../model/index.ts';
export { databaseOwner, findBinaries } from '../postgres/index.ts';
export { defaultHost, defaultPort, loadSite, type Site } from '../site/index.ts';
export { gatewayMode, siteAddress } from './site-address.ts';

/** Manifests and settings of a site's plugins. None of their code runs. */
export function inspectSite(site: Site, builtIn: string, environment: NodeJS.ProcessEnv): Promise<Inspection> {
  return inspectPlugins(pluginFolders(site, builtIn), site.file.plugins ?? {}, environment);
}

/** Resources of the site file that would be left out. */
export async function inspectResources(
  { file, folder }: Site,
  dataDir: string,
  environment: NodeJS.ProcessEnv,
): Promise<WrongDeclaration[]> {
  const declared = withData(file.resources ?? {}, dataDir) as unknown as Partial<Declarations>;
  return [...checkDeclarations(declared), ...(await checkReferences(declared, referenceReader(folder, environment)))];
}
