import type { JsonObject, JsonSchema } from './json.ts';

/** What signs requests to AWS, and to those who speak as it does. */
export interface AccessKeys {
  readonly accessKeyId: string;
  /** Secret. */
  readonly secretAccessKey: string;
  /** Of temporary keys. Secret. */
  readonly sessionToken?: string;
}

/** How they are entered: the `credentials` of a driver, or of a backend. */
export const accessKeysSchema: JsonSchema = {
  type: 'object',
  properties: {
    accessKeyId: { type: 'string', pattern: '^[\\x21-\\x7e]{3,128}$', title: 'Access key', 'x-order': 1 },
    secretAccessKey: {
      type: 'string',
      pattern: '^[\\x21-\\x7e]{3,512}$',
      title: 'Secret key',
      'x-secret': true,
      'x-order': 2,
    },
    sessionToken: {
      type: 'string',
      pattern: '^[\\x21-\\x7e]+$',
      maxLength: 10_000,
      title: 'Session token',
      description: 'Of temporary keys. They end when it does.',
      'x-secret': true,
      'x-order': 3,
      'x-advanced': true,
    },
  },
  required: ['accessKeyId', 'secretAccessKey'],
  additionalProperties: false,
};

/** Reads what was entered by {@link accessKeysSchema}. Pure. */
export function accessKeysOf(given: JsonObject): AccessKeys {
  const text = (name: string): string => (typeof given[name] === 'string' ? given[name] : '');
  const sessionToken = text('sessionToken');
  return {
    accessKeyId: text('accessKeyId'),
    secretAccessKey: text('secretAccessKey'),
    ...(sessionToken === '' ? {} : { sessionToken }),
  };
}
