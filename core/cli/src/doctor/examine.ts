import { messageOf } from '@stele/sdk';
import { inspectResources, inspectSite } from '@stele/server/inspect';
import { builtIn } from '../place.ts';
import { checkAddress } from './address.ts';
import { checkDataFolder, checkDisk } from './data-folder.ts';
import { checkDatabase } from './database.ts';
import { broken, type Finding } from './finding.ts';
import { checkNames } from './names.ts';
import { checkNode } from './node.ts';
import { askPlugins } from './plugin-notes.ts';
import { checkPlugins } from './plugins.ts';
import { checkListener } from './port.ts';
import { checkPrograms } from './programs.ts';
import { checkResources } from './resources.ts';
import { checkSecretKey } from './secret-key.ts';
import { readSite } from './site-file.ts';
import type { Subject } from './subject.ts';

type Result = Finding | readonly Finding[];
type Check = (subject: Subject) => Result | Promise<Result>;

/** In the order in which they are shown. */
const checks: readonly (readonly [string, Check])[] = [
  ['address', ({ site }) => checkAddress(site.file.site ?? {})],
  ['names', checkNames],
  ['port', checkListener],
  ['database', checkDatabase],
  ['secret key', checkSecretKey],
  ['plugins', checkSitePlugins],
  ['resources', checkSiteResources],
];

/** Looks at everything; what goes wrong with one check is a finding of that check. */
export async function examine(subject: Omit<Subject, 'site'>): Promise<readonly Finding[]> {
  const { siteFile, environment, dataDir } = subject;
  const { site, finding } = readSite(siteFile, environment);
  const ofSite =
    site === undefined ? [] : await Promise.all(checks.map((check) => perform(check, { ...subject, site })));
  const ofMachine = [checkNode(process.version), checkDataFolder(dataDir), checkDisk(dataDir)];
  return [finding, ...ofSite.flat(), ...ofMachine];
}

async function perform([name, check]: readonly [string, Check], subject: Subject): Promise<Result> {
  try {
    return await check(subject);
  } catch (error) {
    return broken(name, messageOf(error));
  }
}

async function checkSiteResources({ site, dataDir, environment }: Subject): Promise<readonly Finding[]> {
  return checkResources(await inspectResources(site, dataDir, environment));
}

async function checkSitePlugins({ site, environment }: Subject): Promise<readonly Finding[]> {
  const inspection = await inspectSite(site, builtIn, environment);
  const [programs, own] = await Promise.all([checkPrograms(inspection.plugins), askPlugins(inspection.plugins)]);
  return [...checkPlugins(inspection), ...programs, ...own];
}
