import { type ErrorCode, isSteleError, SteleError } from '@stele/sdk';
import { refusalOf } from './refusals.ts';

/** What an error of AWS’s client, or of the way there, has of use. */
export interface Failure {
  readonly name?: string;
  readonly message?: string;
  /** Of the system, or of OpenSSL. */
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number | undefined };
}

/** What an error is about, for its sentence. */
export interface Place {
  readonly region: string;
  readonly cluster: string;
  /** Who was asked: `ecs.eu-central-1.amazonaws.com`. */
  readonly host: string;
  /** The setting that says so: `conf.region`, or that of an endpoint. */
  readonly setting: string;
}

interface Meaning {
  readonly code: ErrorCode;
  readonly says: (place: Place, failure: Failure) => string;
  /** The setting that is to blame; `address`: the one that says who is asked. */
  readonly field?: string;
}

const address = 'address';

const meaning = (code: ErrorCode, says: Meaning['says'], field?: string): Meaning => ({
  code,
  says,
  ...(field === undefined ? {} : { field }),
});

const unknownKey = meaning('DENIED', () => 'AWS does not know this access key. Correct the key.', 'credentials');
const wrongKey = meaning(
  'DENIED',
  () => 'AWS refuses the signature: the secret key does not belong to the access key, or the clock here is wrong.',
  'credentials',
);
const ended = meaning('DENIED', () => 'The session token has ended. Enter new keys.', 'credentials');
const nobody = meaning(
  'DENIED',
  () => 'There are no credentials: give the machine that the platform runs on an IAM role, or enter an access key.',
  'auth',
);
const forbidden = meaning('DENIED', (_, { message = '' }) => {
  const [, action] = /not authorized to perform: ([\w:]+)/.exec(message) ?? [];
  return action === undefined
    ? 'AWS does not allow this with these credentials.'
    : `AWS does not allow ${action} with these credentials. Allow it by a policy.`;
});
const busy = meaning('UNREACHABLE', ({ host }) => `${host} is too busy, or broken. Try again later.`);
const throttled = meaning('UNREACHABLE', ({ host }) => `${host} has been asked too often, and lets us wait.`);

/** By what AWS itself calls it. */
const byName: Readonly<Record<string, Meaning>> = {
  AccessDeniedException: forbidden,
  UnrecognizedClientException: unknownKey,
  InvalidClientTokenId: unknownKey,
  InvalidSignatureException: wrongKey,
  SignatureDoesNotMatch: wrongKey,
  IncompleteSignature: wrongKey,
  ExpiredTokenException: ended,
  ExpiredToken: ended,
  CredentialsProviderError: nobody,
  ThrottlingException: throttled,
  Throttling: throttled,
  TooManyRequestsException: throttled,
  RequestLimitExceeded: throttled,
  ServerException: busy,
  InternalFailure: busy,
  InternalServerError: busy,
  ServiceUnavailable: busy,
  ServiceUnavailableException: busy,
  ClusterNotFoundException: meaning(
    'NOT_FOUND',
    ({ cluster, region }) => `There is no cluster “${cluster}” in ${region}.`,
    'conf.cluster',
  ),
  BlockedException: meaning('DENIED', () => 'AWS has blocked this account. Ask its support.'),
  PlatformTaskDefinitionIncompatibilityException: meaning('INVALID', (_, { message = '' }) => `Fargate: ${message}`),
  UnsupportedFeatureException: meaning('INVALID', (_, { message = '' }) => `Not in this region: ${message}`),
};

const noTrust = meaning(
  'DENIED',
  ({ host }, { code }) =>
    `TLS: the certificate of ${host} is from an authority that is not trusted here (${code}). Set its certificate authority.`,
  'conf.ca',
);
const noTls = meaning('UNREACHABLE', ({ host }) => `TLS: ${host} does not speak TLS there.`, address);

/** By what the way there says. */
const byCode: Readonly<Record<string, Meaning>> = {
  ENOTFOUND: meaning('UNREACHABLE', ({ host }) => `DNS: there is no ${host}.`, address),
  EAI_AGAIN: meaning('UNREACHABLE', ({ host }) => `DNS: nobody says where ${host} is.`),
  ECONNREFUSED: meaning('UNREACHABLE', ({ host }) => `TCP: nothing listens at ${host}.`),
  EHOSTUNREACH: meaning('UNREACHABLE', ({ host }) => `TCP: there is no way to ${host}.`),
  ENETUNREACH: meaning('UNREACHABLE', ({ host }) => `TCP: there is no way to ${host}.`),
  EPROTO: noTls,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  CERT_HAS_EXPIRED: meaning('DENIED', ({ host }) => `TLS: the certificate of ${host} has expired.`),
  ERR_TLS_CERT_ALTNAME_INVALID: meaning(
    'DENIED',
    ({ host }) => `TLS: the certificate that ${host} shows is for another name.`,
    address,
  ),
  SELF_SIGNED_CERT_IN_CHAIN: noTrust,
  DEPTH_ZERO_SELF_SIGNED_CERT: noTrust,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: noTrust,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: noTrust,
};

const silent = meaning('UNREACHABLE', ({ host }) => `${host} does not answer.`);
const strange = meaning('PROTOCOL', ({ host }) => `${host} said something that is not understood.`);

export function givenUp(): SteleError {
  return new SteleError('UNREACHABLE', 'The work was given up before it was done.');
}

/** What went wrong, as the contract has it. Pure. */
export function failureOf(error: unknown, place: Place): SteleError {
  if (isSteleError(error)) return error;
  const failure = (error ?? {}) as Failure;
  if (failure.name === 'AbortError') return givenUp();
  const refusal = saysWhy(failure) ? refusalOf(failure.message ?? '', error) : undefined;
  if (refusal !== undefined) return refusal;
  const { code, says, field } = meaningOf(failure);
  const raw = code === 'PROTOCOL' ? { raw: `${failure.name ?? ''}: ${failure.message ?? ''}` } : {};
  const about = field === undefined ? {} : { field: field === address ? place.setting : field };
  return new SteleError(code, says(place, failure), { cause: error, ...raw, ...about });
}

/** Whether it is one of AWS’s catch-alls, whose text alone says what is wrong. */
function saysWhy({ name = '' }: Failure): boolean {
  return ['ClientException', 'InvalidParameterException', 'LimitExceededException'].includes(name);
}

function meaningOf({ name = '', code = '', $metadata }: Failure): Meaning {
  const known = own(byName, name) ?? own(byCode, code);
  if (known) return known;
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return code !== '' || name === 'TimeoutError' ? silent : strange;
  if (status === 429) return throttled;
  // Something between us and AWS, or before it, answers in HTML: no name, but a status.
  if (status >= 500) return busy;
  return status === 401 || status === 403 ? forbidden : strange;
}

const own = (table: Readonly<Record<string, Meaning>>, name: string): Meaning | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;
