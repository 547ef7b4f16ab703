import { type ErrorCode, isSteleError, messageOf, SteleError } from '@stele/sdk';

export function invalid(field: string, message: string, cause?: unknown): SteleError {
  return new SteleError('INVALID', message, { field: `accessConf.${field}`, cause });
}

export function aborted(signal: AbortSignal): SteleError {
  return new SteleError('UNREACHABLE', 'The work was given up before it was done.', { cause: signal.reason });
}

/** Throws when `signal` has aborted. */
export function check(signal: AbortSignal): void {
  if (signal.aborted) throw aborted(signal);
}

export function noShell(where: string): SteleError {
  return new SteleError('UNSUPPORTED', `${where} is an API: it runs no commands and shows no files.`);
}

interface Meaning {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  readonly field?: string;
  /** What follows the host. */
  readonly message: string;
}

/** By the codes of Node.js and OpenSSL, the narrower before the wider. */
const meanings: readonly Meaning[] = [
  {
    pattern: /^CERT_HAS_EXPIRED$/,
    code: 'UNREACHABLE',
    message: 'shows a certificate that has expired. Renew it there.',
  },
  {
    pattern: /^CERT_NOT_YET_VALID$/,
    code: 'UNREACHABLE',
    message: 'shows a certificate that isn’t valid yet. Look at its clock, and at this machine’s.',
  },
  {
    pattern: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    code: 'INVALID',
    field: 'serverName',
    message: 'shows a certificate for another name. Say that name, or have it signed for this one.',
  },
  {
    pattern: /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|INVALID_CA|HOSTNAME_)/,
    code: 'INVALID',
    field: 'ca',
    message: 'shows a certificate that this authority didn’t sign. Give the certificate of the one that did.',
  },
  {
    pattern: /ALERT_(CERTIFICATE_EXPIRED|CERTIFICATE_REVOKED)$/,
    code: 'DENIED',
    field: 'certificate',
    message: 'refuses the platform’s certificate: it has expired, or was revoked. Give a new one.',
  },
  {
    pattern: /ALERT_(\w*CERTIFICATE\w*|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE|DECRYPT_ERROR)$/,
    code: 'DENIED',
    field: 'certificate',
    message: 'refuses the platform’s certificate. Give one that its authority signed for clients.',
  },
  {
    pattern: /UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION/,
    code: 'UNSUPPORTED',
    message: 'speaks no TLS from version 1.2 on.',
  },
  {
    pattern: /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNEXPECTED_MESSAGE/,
    code: 'PROTOCOL',
    message: 'doesn’t speak TLS at this port.',
  },
];

/** What broke a stream, or kept it from being opened, in words. Pure. */
export function explained(where: string, error: unknown): SteleError {
  if (isSteleError(error)) return error;
  const said = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  const meaning = meanings.find(({ pattern }) => pattern.test(said));
  if (meaning === undefined) {
    const message = `The connection to ${where} broke off (${said === '' ? messageOf(error) : said}).`;
    return new SteleError('UNREACHABLE', message, { cause: error });
  }
  const field = meaning.field === undefined ? {} : { field: `accessConf.${meaning.field}` };
  return new SteleError(meaning.code, `${where} ${meaning.message}`, { ...field, cause: error });
}
