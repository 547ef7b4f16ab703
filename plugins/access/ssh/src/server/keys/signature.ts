import { verify } from 'node:crypto';
import ssh2 from 'ssh2';
import { Fields } from '../sftp/wire.ts';
import { keyLine, typeOf } from './public-key.ts';

/** One kind of signature (RFC 5656, 8332, 8709). */
interface Kind {
  readonly keyType: string;
  /** Absent where the algorithm has its own. */
  readonly hash?: string;
  /** Bytes of each of the two numbers of an ECDSA signature. */
  readonly width?: number;
}

/** None with SHA-1. */
const kinds = new Map<string, Kind>([
  ['ssh-ed25519', { keyType: 'ssh-ed25519' }],
  ['ecdsa-sha2-nistp256', { keyType: 'ecdsa-sha2-nistp256', hash: 'sha256', width: 32 }],
  ['ecdsa-sha2-nistp384', { keyType: 'ecdsa-sha2-nistp384', hash: 'sha384', width: 48 }],
  ['ecdsa-sha2-nistp521', { keyType: 'ecdsa-sha2-nistp521', hash: 'sha512', width: 66 }],
  ['rsa-sha2-256', { keyType: 'ssh-rsa', hash: 'sha256' }],
  ['rsa-sha2-512', { keyType: 'ssh-rsa', hash: 'sha512' }],
]);

/** Whether signatures of a type of key can be verified. */
export function canVerify(type: string): boolean {
  return [...kinds.values()].some(({ keyType }) => keyType === type);
}

/** Whether a key has signed something. */
export function isSignedBy(key: Buffer, data: Buffer, signature: Buffer): boolean {
  try {
    return verified(key, data, signature);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Bytes that end too soon, or a key that is no point of its curve: nobody has signed with that.
    return false;
  }
}

function verified(key: Buffer, data: Buffer, signature: Buffer): boolean {
  const fields = new Fields(signature);
  const kind = kinds.get(fields.bytes().toString('latin1'));
  const value = fields.bytes();
  const parsed = ssh2.utils.parseKey(keyLine(key));
  if (kind === undefined || !fields.isAtEnd || kind.keyType !== typeOf(key) || parsed instanceof Error) return false;
  const { hash = null, width } = kind;
  const pem = parsed.getPublicPEM();
  if (width === undefined) return verify(hash, data, pem, value);
  return verify(hash, data, { key: pem, dsaEncoding: 'ieee-p1363' }, numbersOf(value, width));
}

/** The two numbers of an ECDSA signature, each as wide as its curve. @throws RangeError when they are wider */
function numbersOf(value: Buffer, width: number): Buffer {
  const fields = new Fields(value);
  const numbers = [fields.bytes(), fields.bytes()].map((number) => {
    const from = number.findIndex((byte) => byte !== 0);
    const digits = from < 0 ? Buffer.alloc(0) : number.subarray(from);
    if (digits.length > width) throw new RangeError('a number of a signature is too wide');
    return Buffer.concat([Buffer.alloc(width - digits.length), digits]);
  });
  if (!fields.isAtEnd) throw new RangeError('a signature goes on after its end');
  return Buffer.concat(numbers);
}
