import { pattern } from '@stele/sdk';

/** What an operator may say about all storages of this kind. */
export interface Settings {
  readonly bases: readonly string[];
}

export const settings = {
  type: 'object',
  properties: {
    bases: {
      type: 'array',
      title: 'Folders that storages may lie in',
      description:
        'Storages that are used with the platform’s own rights must lie in one of these folders. Empty: anywhere but the root of the host.',
      items: { type: 'string', pattern: pattern('absolutePath') },
      default: [],
    },
  },
  additionalProperties: false,
};
