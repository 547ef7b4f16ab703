import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { provider } from '../../../plugins/auth/oidc/src/settings.ts';
import { conf as fargate } from '../../../plugins/computing/fargate/src/server/conf.ts';
import { conf as standalone } from '../../../plugins/computing/standalone/src/server/conf.ts';
import { confSchema as tls } from '../../../plugins/access/tls/src/server/conf.ts';
import { confSchema as posix } from '../../../plugins/storage/posix/src/server/conf.ts';
import { confSchema as s3 } from '../../../plugins/storage/s3/src/server/conf.ts';
import { root } from '../run.ts';
import { code, table } from './fill.ts';
import { defaultOf, type Shape, valueOf } from './shape.ts';

interface Manifest {
  readonly description: string;
  readonly stele: { readonly id: string };
}

/** The plugins that come with Stele, and their settings. */
export async function pluginsBlock(): Promise<string> {
  const folders = globSync('plugins/*/*/package.json', { cwd: root }).map(dirname).toSorted();
  const manifests = folders.map((folder) => ({ folder, ...readManifest(folder) }));
  const list = table(
    ['id', 'what it does'],
    manifests.map(({ stele, description }) => [code(stele.id), description]),
  );
  const settings = await Promise.all(manifests.map(({ folder, stele }) => settingsOf(folder, stele.id)));
  return [list, ...settings.filter((one) => one !== undefined)].join('\n\n');
}

/** Settings of the kinds of resources that those plugins bring. */
export function kindsBlock(): string {
  return [
    `**\`driver: standalone\`**: \`conf\` of a computing\n\n${schemaTable(standalone as Shape)}`,
    `**\`driver: fargate\`**: \`conf\` of a computing\n\n${schemaTable(fargate as Shape)}`,
    `**\`access: tls\`**: \`accessConf\` of a computing\n\n${schemaTable(tls as Shape)}`,
    `**\`backend: posix\`**: \`conf\` of a storage\n\n${schemaTable(posix as Shape)}`,
    `**\`backend: s3\`**: \`conf\` of a storage\n\n${schemaTable(s3 as Shape)}`,
  ].join('\n\n');
}

/** Settings of one OpenID provider. */
export function providerBlock(): string {
  return schemaTable(provider as Shape);
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
}

async function settingsOf(folder: string, id: string): Promise<string | undefined> {
  const [file] = globSync(`${folder}/src/settings.ts`, { cwd: root });
  if (file === undefined) return undefined;
  const { settings } = (await import(pathToFileURL(join(root, file)).href)) as { settings: Shape };
  return `**\`${id}\`**\n\n${schemaTable(settings)}`;
}

function schemaTable({ properties = {}, required = [] }: Shape): string {
  const rows = Object.entries(properties).map(([name, shape]) => [
    code(name),
    `${valueOf(shape)}${required.includes(name) && shape.default === undefined ? ', needed' : ''}`,
    defaultOf(shape),
    [shape.title, shape.description].filter((words) => words !== undefined).join(': '),
  ]);
  return table(['key', 'value', 'default', 'what'], rows);
}
