import { type ErrorCode, isSteleError, SteleError } from '@stele/sdk';
import { givenUp } from './errors.ts';

/** What an error is about, for its sentence. */
export interface Place {
  readonly bucket: string;
  readonly region: string;
  /** Host of the endpoint. */
  readonly host: string;
}

interface Failure {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly Code?: string;
  readonly Region?: string;
  readonly BucketRegion?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

interface Meaning {
  readonly code: ErrorCode;
  readonly says: (place: Place, failure: Failure) => string;
  readonly field?: string;
}

const meaning = (code: ErrorCode, says: Meaning['says'], field?: string): Meaning => ({
  code,
  says,
  ...(field === undefined ? {} : { field }),
});

const elsewhere = meaning(
  'INVALID',
  ({ bucket, region }, failure) => {
    const right = regionIn(failure);
    return `“${bucket}” is not in the region ${region}${right ? `: it is in ${right}` : ''}. Correct the region.`;
  },
  'conf.region',
);
const unknownKey = meaning(
  'DENIED',
  ({ host }) => `${host} does not know this access key. Correct the key.`,
  'credentials.accessKeyId',
);
const wrongKey = meaning(
  'DENIED',
  ({ host }) => `${host} refuses the signature: the secret key does not belong to the access key.`,
  'credentials.secretAccessKey',
);
const ended = meaning('DENIED', () => 'The session token has ended. Enter new keys.', 'credentials.sessionToken');
const forbidden = meaning('DENIED', ({ bucket }) => `The access key may not do this in “${bucket}”.`);
const taken = meaning('CONFLICT', () => 'Somebody else has just written there.');
const noRoom = meaning(
  'LIMIT',
  ({ bucket }) => `There is no more room in “${bucket}”, or the file is too large for it.`,
);
const busy = meaning('UNREACHABLE', ({ host }) => `${host} is too busy or broken. Try again later.`);
const missing = meaning('NOT_FOUND', () => 'There is no such object.');

/** By what the store itself calls it. */
const byName: Readonly<Record<string, Meaning>> = {
  NoSuchBucket: meaning(
    'NOT_FOUND',
    ({ bucket, host }) => `There is no bucket “${bucket}” at ${host}. It is gone, or the name is wrong.`,
    'conf.bucket',
  ),
  NoSuchKey: missing,
  NotFound: missing,
  NoSuchUpload: taken,
  PreconditionFailed: taken,
  ConditionalRequestConflict: taken,
  AccessDenied: forbidden,
  AllAccessDisabled: forbidden,
  InvalidAccessKeyId: unknownKey,
  SignatureDoesNotMatch: wrongKey,
  ExpiredToken: ended,
  InvalidToken: ended,
  RequestTimeTooSkewed: meaning(
    'DENIED',
    ({ host }) => `The clocks of this platform and of ${host} are too far apart. Set them right.`,
  ),
  PermanentRedirect: elsewhere,
  AuthorizationHeaderMalformed: elsewhere,
  IllegalLocationConstraintException: elsewhere,
  InvalidBucketName: meaning('INVALID', ({ bucket }) => `“${bucket}” is not a name of a bucket.`, 'conf.bucket'),
  InvalidObjectState: meaning('CONFLICT', () => 'The object is archived. Have it restored first.'),
  KeyTooLongError: meaning('INVALID', () => 'The name is longer than the bucket takes.', 'path'),
  EntityTooLarge: noRoom,
  QuotaExceeded: noRoom,
  XMinioStorageFull: noRoom,
  NotImplemented: meaning('UNSUPPORTED', ({ host }) => `${host} can’t do this.`),
  SlowDown: busy,
  ServiceUnavailable: busy,
  InternalError: busy,
};

/** Where an answer has no words, as that of HEAD. */
const byStatus: Readonly<Record<number, Meaning>> = {
  301: elsewhere,
  307: elsewhere,
  401: forbidden,
  403: forbidden,
  404: missing,
  409: taken,
  412: taken,
  413: noRoom,
  429: busy,
  501: byName['NotImplemented'] as Meaning,
  507: noRoom,
};

const noTrust = meaning(
  'DENIED',
  ({ host }, { code }) =>
    `TLS: the certificate of ${host} is from an authority that is not trusted here (${code}). Set its certificate authority.`,
  'conf.ca',
);

/** By what the way there says. */
const byCode: Readonly<Record<string, Meaning>> = {
  ENOTFOUND: meaning('UNREACHABLE', ({ host }) => `DNS: there is no ${host}.`, 'conf.endpoint'),
  EAI_AGAIN: meaning('UNREACHABLE', ({ host }) => `DNS: nobody says where ${host} is.`),
  ECONNREFUSED: meaning('UNREACHABLE', ({ host }) => `TCP: nothing listens at ${host}.`),
  EHOSTUNREACH: meaning('UNREACHABLE', ({ host }) => `TCP: there is no way to ${host}.`),
  ENETUNREACH: meaning('UNREACHABLE', ({ host }) => `TCP: there is no way to ${host}.`),
  EPROTO: meaning('UNREACHABLE', ({ host }) => `TLS: ${host} does not speak TLS there.`, 'conf.endpoint'),
  ERR_SSL_WRONG_VERSION_NUMBER: meaning(
    'UNREACHABLE',
    ({ host }) => `TLS: ${host} does not speak TLS there.`,
    'conf.endpoint',
  ),
  ERR_TLS_CERT_ALTNAME_INVALID: meaning(
    'DENIED',
    ({ host }) => `TLS: the certificate that ${host} shows is for another name.`,
    'conf.endpoint',
  ),
  CERT_HAS_EXPIRED: meaning('DENIED', ({ host }) => `TLS: the certificate of ${host} has expired.`),
  CERT_NOT_YET_VALID: meaning('DENIED', ({ host }) => `TLS: the certificate of ${host} is not valid yet.`),
  SELF_SIGNED_CERT_IN_CHAIN: noTrust,
  DEPTH_ZERO_SELF_SIGNED_CERT: noTrust,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: noTrust,
  UNABLE_TO_GET_ISSUER_CERT: noTrust,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: noTrust,
  CERT_SIGNATURE_FAILURE: noTrust,
};

const silent = meaning('UNREACHABLE', ({ host }) => `${host} does not answer.`);
const strange = meaning('PROTOCOL', ({ host }) => `${host} said something that is not understood.`);

/** What went wrong, as the contract has it. Pure. */
export function failureOf(error: unknown, place: Place): SteleError {
  if (isSteleError(error)) return error;
  const failure = (error ?? {}) as Failure;
  if (failure.name === 'AbortError') return givenUp();
  const { code, says, field } = meaningOf(failure);
  const raw = code === 'PROTOCOL' ? { raw: `${nameOf(failure)}: ${failure.message ?? ''}` } : {};
  return new SteleError(code, says(place, failure), {
    cause: error,
    ...raw,
    ...(field === undefined ? {} : { field }),
  });
}

/** As a connection that broke: the object ended too early, or went while it was read. */
export const unfinished = (): Error => Object.assign(new Error('the bytes ended early'), { code: 'ECONNRESET' });

/** Whether it says that there is no such object, rather than no such bucket. */
export function isMissing(error: unknown): boolean {
  const { name, $metadata } = (error ?? {}) as Failure;
  if (name === 'NoSuchBucket') return false;
  return name === 'NoSuchKey' || name === 'NotFound' || $metadata?.httpStatusCode === 404;
}

export function statusOf(error: unknown): number | undefined {
  return ((error ?? {}) as Failure).$metadata?.httpStatusCode;
}

function meaningOf(failure: Failure): Meaning {
  const status = failure.$metadata?.httpStatusCode;
  const known = own(byName, nameOf(failure)) ?? own(byCode, failure.code ?? '');
  if (known) return known;
  if (status === undefined) return failure.code !== undefined || failure.name === 'TimeoutError' ? silent : strange;
  // HEAD in another region is a Bad Request whose headers alone tell why.
  if (status === 400 && regionIn(failure)) return elsewhere;
  return byStatus[status] ?? (status >= 500 ? busy : strange);
}

const nameOf = ({ name, Code }: Failure): string => Code ?? name ?? '';

function regionIn({ Region, BucketRegion, $response }: Failure): string | undefined {
  return Region ?? BucketRegion ?? $response?.headers?.['x-amz-bucket-region'];
}

const own = (table: Readonly<Record<string, Meaning>>, name: string): Meaning | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
