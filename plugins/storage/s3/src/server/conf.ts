import type { JsonObject } from '@stele/sdk';

/** Settings of a storage of this kind, valid by {@link confSchema}. */
export interface Conf {
  /** Absent for AWS itself. */
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly pathStyle: boolean;
  /** Certificates of who may vouch for the endpoint, PEM. */
  readonly ca: string | undefined;
}

export const confSchema = {
  type: 'object',
  properties: {
    endpoint: {
      type: 'string',
      pattern: '^https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/?$',
      maxLength: 300,
      title: 'Endpoint',
      description: 'Address of the object store. Empty: Amazon S3 itself, found by the region.',
      examples: ['https://objects.example.org'],
      'x-address': true,
      'x-order': 1,
    },
    region: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$',
      title: 'Region',
      description: 'As the store calls it. Most stores of one’s own take the default.',
      default: 'us-east-1',
      'x-order': 2,
    },
    bucket: {
      type: 'string',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]$',
      title: 'Bucket',
      examples: ['observations'],
      'x-order': 3,
    },
    prefix: {
      type: 'string',
      // Parts that are names, and no variable but $USER.
      pattern: '^(?:(?!\\.{1,2}(?:/|$))(?:[^$/\\u0000-\\u001f]|\\$USER(?![A-Za-z0-9_]))+(?:/|$))*$',
      maxLength: 500,
      title: 'Folder in the bucket',
      description: 'Nothing outside of it is seen. $USER becomes the name of the user. Empty: the whole bucket.',
      examples: ['users/$USER'],
      'x-order': 4,
    },
    pathStyle: {
      type: 'boolean',
      title: 'Bucket in the path',
      description:
        'Otherwise it is in the host’s name, https://bucket.endpoint/, which needs a DNS entry for each bucket.',
      default: true,
      'x-order': 5,
      'x-advanced': true,
    },
    ca: {
      type: 'string',
      pattern: '^\\s*-----BEGIN CERTIFICATE-----',
      maxLength: 100_000,
      title: 'Certificate authority',
      description: 'Where the endpoint’s certificate comes from an authority of your own: its certificate, PEM.',
      'x-multiline': true,
      'x-address': true,
      'x-order': 6,
      'x-advanced': true,
    },
  },
  required: ['bucket'],
  additionalProperties: false,
};

export function confOf(conf: JsonObject): Conf {
  return {
    endpoint: text(conf['endpoint'])?.replace(/\/$/, ''),
    region: text(conf['region']) ?? 'us-east-1',
    bucket: text(conf['bucket']) ?? '',
    prefix: text(conf['prefix']) ?? '',
    pathStyle: conf['pathStyle'] !== false,
    ca: text(conf['ca']),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
