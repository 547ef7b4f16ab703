import { type ErrorCode, isSteleError, messageOf, SteleError } from './errors.ts';

/**
 * What goes wrong where TLS is spoken, or should be. With the other side’s certificate: `expired`, `early`, for another `name`, of an
 * unknown `authority`. With ours: `over`, or `refused`. With neither: too old a `version`, or no TLS at all (`plain`).
 */
export type TlsFault = 'expired' | 'early' | 'name' | 'authority' | 'over' | 'refused' | 'version' | 'plain';

/** What somebody can do about a fault, where it is more than there is to say everywhere. */
export interface TlsRemedy {
  /** The setting that would mend it: `accessConf.ca`. */
  readonly field?: string;
  /** A sentence. */
  readonly advice?: string;
}

interface Meaning extends Pick<TlsRemedy, 'advice'> {
  readonly pattern: RegExp;
  readonly fault: TlsFault;
  readonly code: ErrorCode;
  /** What follows the other side’s name. */
  readonly says: string;
}

/** By the codes of Node.js and OpenSSL, the narrower before the wider. */
const meanings: readonly Meaning[] = [
  {
    pattern: /^CERT_HAS_EXPIRED$/,
    fault: 'expired',
    code: 'UNREACHABLE',
    says: 'shows a certificate that has expired',
    advice: 'Renew it there.',
  },
  {
    pattern: /^CERT_NOT_YET_VALID$/,
    fault: 'early',
    code: 'UNREACHABLE',
    says: 'shows a certificate that isn’t valid yet',
    advice: 'Look at its clock, and at this machine’s.',
  },
  {
    pattern: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    fault: 'name',
    code: 'INVALID',
    says: 'shows a certificate for another name',
  },
  {
    pattern: /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|INVALID_CA|HOSTNAME_)/,
    fault: 'authority',
    code: 'INVALID',
    says: 'shows a certificate that this authority didn’t sign',
  },
  {
    pattern: /ALERT_(CERTIFICATE_EXPIRED|CERTIFICATE_REVOKED)$/,
    fault: 'over',
    code: 'DENIED',
    says: 'refuses the platform’s certificate: it has expired, or was revoked',
  },
  {
    pattern: /ALERT_(\w*CERTIFICATE\w*|UNKNOWN_CA|ACCESS_DENIED|HANDSHAKE_FAILURE|DECRYPT_ERROR)$/,
    fault: 'refused',
    code: 'DENIED',
    says: 'refuses the platform’s certificate',
  },
  {
    pattern: /UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION/,
    fault: 'version',
    code: 'UNSUPPORTED',
    says: 'speaks no TLS from version 1.2 on',
  },
  {
    pattern: /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNEXPECTED_MESSAGE/,
    fault: 'plain',
    code: 'PROTOCOL',
    says: 'doesn’t speak TLS at this port',
  },
];

/**
 * What broke a stream, or kept it from being opened, in words. Pure.
 * @param where the other side, for people
 * @param error as Node.js gave it; a {@link SteleError} says for itself what is wrong, and is returned as it is
 * @param remedies what can be done, by what is wrong
 */
export function streamFailure(
  where: string,
  error: unknown,
  remedies: Readonly<Partial<Record<TlsFault, TlsRemedy>>> = {},
): SteleError {
  if (isSteleError(error)) return error;
  const said = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  const meaning = meanings.find(({ pattern }) => pattern.test(said));
  if (meaning === undefined) {
    const message = `The connection to ${where} broke off (${said === '' ? messageOf(error) : said}).`;
    return new SteleError('UNREACHABLE', message, { cause: error });
  }
  const { field, advice = meaning.advice } = remedies[meaning.fault] ?? {};
  const message = `${where} ${meaning.says}.${advice === undefined ? '' : ` ${advice}`}`;
  return new SteleError(meaning.code, message, { ...(field === undefined ? {} : { field }), cause: error });
}
