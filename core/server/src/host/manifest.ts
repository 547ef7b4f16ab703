import type { JsonSchema, PluginManifest } from '@stele/sdk';
import { compile, problemsOf } from './ajv.ts';
import { manifestInvalid } from './failure.ts';

/** What the host reads of a plugin's `package.json`. */
export interface PluginPackage {
  readonly version: string;
  readonly engines: { readonly stele: string };
  readonly stele: PluginManifest;
}

const idPattern = '^[a-z][a-z0-9-]{1,62}$';
const path = { type: 'string', minLength: 1 };

const panel = {
  type: 'object',
  additionalProperties: false,
  required: ['id', 'slot', 'title', 'export'],
  properties: {
    id: { type: 'string', pattern: '^[a-z][a-z0-9-]*$' },
    slot: { type: 'string', pattern: '^[a-z][a-z0-9.-]*$' },
    title: { type: 'string', minLength: 1 },
    export: { type: 'string', pattern: '^[A-Za-z_$][\\w$]*$' },
    icon: { type: 'string', pattern: '^[a-z0-9-]+$' },
    order: { type: 'number' },
    role: { enum: ['standard', 'power', 'admin'] },
  },
};

const schema: JsonSchema = {
  type: 'object',
  required: ['version', 'engines', 'stele'],
  properties: {
    version: { type: 'string', minLength: 1 },
    engines: { type: 'object', required: ['stele'], properties: { stele: { type: 'string', minLength: 1 } } },
    stele: {
      type: 'object',
      additionalProperties: false,
      required: ['id'],
      properties: {
        id: { type: 'string', pattern: idPattern },
        title: { type: 'string', minLength: 1 },
        server: path,
        web: path,
        doctor: path,
        settings: { type: ['string', 'object'], minLength: 1 },
        panels: { type: 'array', items: panel },
      },
    },
  },
};

const validate = compile(schema);

/** Checks a parsed `package.json`. */
export function checkManifest(packageJson: unknown): PluginPackage {
  if (!validate(packageJson)) throw manifestInvalid(problemsOf(validate));
  const plugin = packageJson as PluginPackage;
  checkHalves(plugin.stele);
  return plugin;
}

function checkHalves({ server, web, panels = [] }: PluginManifest): void {
  if (server === undefined && web === undefined) throw manifestInvalid('stele names neither a server nor a web half');
  if (web === undefined && panels.length > 0) throw manifestInvalid('stele.panels need a web half (stele.web)');
  const ids = panels.map((one) => one.id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw manifestInvalid(`stele.panels has the id "${twice}" twice`);
}

/** The id that a `package.json` claims, as far as it can be believed; also of a manifest that is wrong elsewhere. */
export function idOf(packageJson: unknown): string | undefined {
  const id = (packageJson as { stele?: { id?: unknown } | null } | undefined)?.stele?.id;
  return typeof id === 'string' && new RegExp(idPattern).test(id) ? id : undefined;
}
