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
import { checkSettings } from '../schema/index.ts';

/** The parts of a resource that have to fit together. */
export interface Combination {
  readonly access: string;
  readonly auth: AuthMode;
  readonly accessConf: JsonObject;
  readonly conf: JsonObject;
}

/** What a driver or backend says of the resources it works with. */
export interface Kind {
  readonly title: string;
  readonly accepts: readonly Accepted[];
  readonly conf: JsonSchema;
}

/**
 * Checks that kind, access, credentials and their settings fit, and fills in defaults.
 * @throws UNSUPPORTED or INVALID naming the field
 */
export function checkCombination(kind: Kind, parts: Combination, methods: Registry<AccessMethod>): Combination {
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
  return {
    access,
    auth,
    accessConf: method ? checkSettings(method.conf, parts.accessConf, 'accessConf') : parts.accessConf,
    conf: checkSettings(kind.conf, parts.conf, 'conf'),
  };
}

/**
 * Whether a resource acts with the platform's own rights. Only admins make or change such a resource: whoever points it
 * somewhere reads and runs there as the platform.
 */
export function needsOperator(auth: AuthMode): boolean {
  return auth === 'none' || auth.startsWith('platform-');
}
