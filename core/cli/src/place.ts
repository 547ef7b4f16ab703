import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout that this command belongs to. */
const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Folder of the plugins that come with Stele. */
export const builtIn = join(root, 'plugins');

/** The site that runs when none is named. */
export const laptopSite = join(root, 'examples/sites/laptop/site.yaml');

/** The data folder that is used when none is named, from where the command was given. */
export const defaultData = './stele-data';

/** The site file to read. */
export function siteFile(named: string | undefined): string {
  return named === undefined ? laptopSite : resolve(named);
}

/** Version of Stele. */
export function version(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}
