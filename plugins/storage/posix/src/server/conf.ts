import { pattern, type JsonObject } from '@stele/sdk';

/** Settings of a storage of this kind, valid by {@link confSchema}. */
export interface Conf {
  readonly base: string;
  readonly bind: string | undefined;
  readonly createBase: boolean;
}

/** No `$` but the one of `$USER` and `$SSH_USER`: other variables would be taken as they are written. */
const knownVariables = '^(?:[^$]|\\$(?:SSH_)?USER(?![A-Za-z0-9_]))*$';

const path = {
  type: 'string',
  maxLength: 4_096,
  allOf: [{ pattern: pattern('absolutePath') }, { pattern: knownVariables }],
};

export const confSchema = {
  type: 'object',
  properties: {
    base: {
      ...path,
      title: 'Folder on the host',
      description:
        'Absolute path. $USER becomes the name of the user, $SSH_USER the name of their account on the host.',
      examples: ['/srv/stele/$USER', '/scratch/$SSH_USER'],
      'x-order': 1,
    },
    bind: {
      ...path,
      title: 'Folder in containers',
      description: 'Where tasks find it. $USER and $SSH_USER as above. Default: /storage/ and the storage’s name.',
      examples: ['/storage', '/home/$USER'],
      'x-order': 2,
    },
    createBase: {
      type: 'boolean',
      title: 'Make the folder on first use',
      default: true,
      'x-order': 3,
      'x-advanced': true,
    },
  },
  required: ['base'],
  additionalProperties: false,
};

export function confOf(conf: JsonObject): Conf {
  const { base, bind, createBase } = conf;
  return {
    base: typeof base === 'string' ? base : '',
    bind: typeof bind === 'string' && bind !== '' ? bind : undefined,
    createBase: createBase !== false,
  };
}
