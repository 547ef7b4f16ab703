import {
  type Accepted,
  type AccessMethod,
  type AuthMode,
  type JsonObject,
  type JsonSchema,
  type Registry,
  isAccepted,
  SteleError,
} from '@stele/sdk';
import { checkSettings, keepSecrets, merge, propertiesOf, type Split, splitSecrets } from '../schema/index.ts';
import type { SecretSettings, SettingsChange } from '../secrets/index.ts';

/** The parts of a resource that have to fit together. */
export interface Combination {
  readonly access: string;
  readonly auth: AuthMode;
  readonly accessConf: JsonObject;
  readonly conf: JsonObject;
  /** What the platform proves itself with, for `platform-token`. */
  readonly credentials?: JsonObject;
}

/** A combination that fits, its secrets apart. */
export interface Checked extends Omit<Combination, 'credentials'> {
  readonly secrets: SecretSettings;
}

/** What decides about a resource's secrets. */
export interface Whereabouts {
  readonly access: string;
  /** Id of its driver or backend. */
  readonly kind: string;
  readonly accessConf: JsonObject;
  readonly conf: JsonObject;
}

/** Schemas of a resource's settings, as far as their plugins are active. */
export interface Schemas {
  readonly accessConf?: JsonSchema | undefined;
  readonly conf?: JsonSchema | undefined;
}

/**
 * What a change says of secrets. Nothing is kept of those of another kind, nor where it leads to another address: whoever
 * points a resource at a place of theirs must not be sent what others have entered.
 */
export function changeOf(now: Whereabouts, change: ResourceChange, schemas: Schemas): SettingsChange {
  const next = { ...now, ...change } as Whereabouts;
  if (addressOf(now, schemas) !== addressOf(next, schemas)) return { accessConf: null, conf: null, credentials: null };
  const given = Object.entries(change).filter(([part, value]) => parts.has(part) && value !== undefined);
  return Object.fromEntries(given) as SettingsChange;
}

const parts: ReadonlySet<string> = new Set(['accessConf', 'conf', 'credentials']);

/** Where credentials are sent to, and how: by what, and what the schemas mark `x-address`. */
export function addressOf({ kind, access, accessConf, conf }: Whereabouts, schemas: Schemas): string {
  return JSON.stringify([kind, access, addressIn(schemas.accessConf, accessConf), addressIn(schemas.conf, conf)]);
}

function addressIn(schema: JsonSchema | undefined, values: JsonObject): unknown {
  const marked = propertiesOf(schema).filter(([, rule]) => rule['x-address'] === true);
  return marked.map(([key]) => values[key] ?? null);
}

interface ResourceChange {
  readonly access?: string | undefined;
  readonly kind?: string | undefined;
  readonly accessConf?: object;
  readonly conf?: object;
  readonly credentials?: object;
}

/** What a driver or backend says of the resources it works with. */
export interface Kind {
  readonly title: string;
  readonly accepts: readonly Accepted[];
  readonly conf: JsonSchema;
  readonly credentials?: JsonSchema;
}

/** How a resource is reached: what isn't said of it is as its kind accepts first, beside what is. */
export function wayOf(accepts: readonly Accepted[], { access, auth }: Partial<Way>): Way {
  const fits = (row: Accepted): boolean =>
    (access ?? row.access) === row.access && (auth === undefined || row.auth.includes(auth));
  const row = accepts.find(fits);
  return { access: access ?? row?.access ?? '', auth: auth ?? row?.auth[0] ?? 'none' };
}

type Way = Pick<Combination, 'access' | 'auth'>;

/**
 * Checks that kind, access, credentials and their settings fit, and fills in defaults.
 * @param kept secrets that are there already: they stay where `parts` doesn't speak of them
 * @throws UNSUPPORTED or INVALID naming the field
 */
export function checkCombination(
  kind: Kind,
  parts: Combination,
  methods: Registry<AccessMethod>,
  kept: SecretSettings = { accessConf: {}, conf: {}, credentials: {} },
): Checked {
  const { access, auth } = parts;
  if (!isAccepted(kind.accepts, access, auth)) {
    const offered = kind.accepts.map((row) => `${row.access} (${row.auth.join(', ')})`).join('; ');
    const message = `${kind.title} does not work with access “${access}” and credentials “${auth}”. It works with: ${offered}.`;
    throw new SteleError('INVALID', message, { field: 'access' });
  }
  const method = methods.get(access);
  if (access !== 'api' && !method) {
    throw new SteleError('UNSUPPORTED', `No active plugin offers access “${access}”.`, { field: 'access' });
  }
  const accessConf = checkPart('accessConf', method?.conf, parts, kept);
  const conf = checkPart('conf', kind.conf, parts, kept);
  return {
    access,
    auth,
    accessConf: accessConf.open,
    conf: conf.open,
    secrets: { accessConf: accessConf.secret, conf: conf.secret, credentials: platformToken(kind, parts, kept) },
  };
}

/** What the platform proves itself with: all of it is secret. */
function platformToken({ credentials }: Kind, given: Combination, kept: SecretSettings): JsonObject {
  if (given.auth !== 'platform-token' || !credentials) return {};
  return checkedCredentials(credentials, given.credentials ?? {}, kept.credentials);
}

/**
 * Credentials as they are to be kept.
 * @param kept those that are there: they stay where `given` doesn't speak of them
 * @throws INVALID with a field below `credentials`
 */
export function checkedCredentials(schema: JsonSchema, given: JsonObject, kept: JsonObject): JsonObject {
  const left = Object.entries(merge(kept, given)).filter(([, value]) => value !== null);
  return checkSettings(schema, Object.fromEntries(left), 'credentials');
}

/** Checked with its secrets, which may be required; then taken apart. */
function checkPart(
  part: 'accessConf' | 'conf',
  schema: JsonSchema | undefined,
  given: Combination,
  kept: SecretSettings,
): Split {
  const whole = keepSecrets(schema, given[part], kept[part]);
  return splitSecrets(schema, schema ? checkSettings(schema, whole, part) : whole);
}

/**
 * Whether a resource acts with the platform's own rights. Only admins make or change such a resource: whoever points it
 * somewhere reads and runs there as the platform.
 */
export function needsOperator(auth: AuthMode): boolean {
  return auth === 'none' || auth.startsWith('platform-');
}
