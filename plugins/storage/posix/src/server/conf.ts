import { pattern, type JsonObject } from '@stele/sdk';

/** Settings of a storage of this kind, valid by {@link confSchema}. */
export interface Conf {
  readonly base: string;
  readonly bind: string | undefined;
  readonly createBase: boolean;
}

/** No `$` but the one of `$USER`: other variables would be taken as they are written. */
const userAlone = '^(?:[^$]|\\$USER(?![A-Za-z0-9_]))*$';

const path = {
  type: 'string',
  maxLength: 4_096,
  allOf: [{ pattern: pattern('absolutePath') }, { pattern: userAlone }],
};

export const confSchema = {
  type: 'object',
  properties: {
    base: {
      ...path,
      title: 'Folder on the host',
      description: 'Absolute path. $USER becomes the name of the user.',
      examples: ['/srv/stele/$USER'],
      'x-order': 1,
    },
    bind: {
      ...path,
      title: 'Folder in containers',
      description:
        'Where tasks find it. $USER becomes the name of the user. Default: /storage/ and the storage’s name.',
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
