import { type ErrorCode, isSteleError, messageOf, SteleError } from '@stele/sdk';

interface Meaning {
  readonly pattern: RegExp;
  readonly code: ErrorCode;
  /** What follows the server. */
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
    message: 'shows a certificate for another name. Say that name in the kubeconfig, as tls-server-name.',
  },
  {
    pattern: /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|INVALID_CA|HOSTNAME_)/,
    code: 'INVALID',
    message: 'shows a certificate that the authority in the kubeconfig didn’t sign.',
  },
  {
    pattern: /ALERT_(\w*CERTIFICATE\w*|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE|DECRYPT_ERROR)$/,
    code: 'DENIED',
    message: 'refuses the certificate in the kubeconfig. Give another kubeconfig.',
  },
  {
    pattern: /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNEXPECTED_MESSAGE/,
    code: 'PROTOCOL',
    message: 'doesn’t speak TLS at this port.',
  },
];

/** What broke a stream to the API, or kept it from being opened, in words. Pure. */
export function explained(where: string, error: unknown): SteleError {
  if (isSteleError(error)) return error;
  const said = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  const meaning = meanings.find(({ pattern }) => pattern.test(said));
  if (meaning === undefined) {
    const message = `The connection to ${where} broke off (${said === '' ? messageOf(error) : said}).`;
    return new SteleError('UNREACHABLE', message, { cause: error });
  }
  const field = meaning.code === 'UNREACHABLE' ? {} : { field: 'conf.kubeconfig' };
  return new SteleError(meaning.code, `${where} ${meaning.message}`, { ...field, cause: error });
}
