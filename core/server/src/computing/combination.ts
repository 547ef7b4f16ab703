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
import { checkSettings, keepSecrets, type Split, splitSecrets } from '../schema/index.ts';
import type { ResourceSettings, SettingsChange } from '../secrets/index.ts';

/** The parts of a resource that have to fit together. */
export interface Combination {
  readonly access: string;
  readonly auth: AuthMode;
  readonly accessConf: JsonObject;
  readonly conf: JsonObject;
}

/** A combination that fits, its secrets apart. */
export interface Checked extends Combination {
  readonly secrets: ResourceSettings;
}

/** What a change says of settings; nothing is kept of those of another kind. */
export function changeOf(access: string, kind: string, change: ResourceChange): SettingsChange {
  const { accessConf, conf } = change as Partial<ResourceSettings>;
  return {
    ...(accessConf ? { accessConf } : {}),
    ...(conf ? { conf } : {}),
    ...((change.access ?? access) === access ? {} : { accessConf: null }),
    ...((change.kind ?? kind) === kind ? {} : { conf: null }),
  };
}

interface ResourceChange {
  readonly access?: string | undefined;
  readonly kind?: string | undefined;
  readonly accessConf?: object;
  readonly conf?: object;
}

/** What a driver or backend says of the resources it works with. */
export interface Kind {
  readonly title: string;
  readonly accepts: readonly Accepted[];
  readonly conf: JsonSchema;
}

/**
 * Checks that kind, access, credentials and their settings fit, and fills in defaults.
 * @param kept secrets that are there already: they stay where `parts` doesn't speak of them
 * @throws UNSUPPORTED or INVALID naming the field
 */
export function checkCombination(
  kind: Kind,
  parts: Combination,
  methods: Registry<AccessMethod>,
  kept: ResourceSettings = { accessConf: {}, conf: {} },
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
    secrets: { accessConf: accessConf.secret, conf: conf.secret },
  };
}

/** Checked with its secrets, which may be required; then taken apart. */
function checkPart(
  part: keyof ResourceSettings,
  schema: JsonSchema | undefined,
  given: ResourceSettings,
  kept: ResourceSettings,
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
