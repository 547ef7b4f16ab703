import { certificateExpired, certificateForAnother, certificateInvalid, certificateOfHost } from './errors.ts';
import { WireReader } from './wire.ts';

const type = 'ssh-ed25519-cert-v01@openssh.com';
/** What a certificate is for: users, rather than hosts. */
const forUsers = 1;

/**
 * Checks that a line is an OpenSSH certificate with which a key can log in.
 * @param publicKey type and public half of the key
 * @returns the line without its comment
 * @throws INVALID (field `certificate`)
 */
export function checkedCertificate(line: string, publicKey: string, now: number): string {
  const [kind = '', body = ''] = line.trim().split(/\s+/);
  if (kind !== type || !/^[A-Za-z0-9+/]+={0,2}$/.test(body)) throw certificateInvalid();
  const { open, role, until } = read(Buffer.from(body, 'base64'));
  if (!open.equals(openHalf(publicKey))) throw certificateForAnother();
  if (role !== forUsers) throw certificateOfHost();
  if (until * 1000n <= BigInt(now)) throw certificateExpired();
  return `${kind} ${body}`;
}

/** OpenSSH's `PROTOCOL.certkeys`. Who signed it is the host's matter, not ours. */
function read(bytes: Buffer): { open: Buffer; role: number; until: bigint } {
  try {
    const reader = new WireReader(bytes);
    if (reader.string().toString('latin1') !== type) throw new RangeError('another type within');
    reader.string(); // nonce
    const open = reader.string();
    reader.uint64(); // serial number
    const role = reader.uint32();
    reader.string(); // key id
    reader.string(); // principals
    reader.uint64(); // valid after
    return { open, role, until: reader.uint64() };
  } catch (error) {
    throw certificateInvalid(error);
  }
}

function openHalf(publicKey: string): Buffer {
  const reader = new WireReader(Buffer.from(publicKey.split(' ')[1] ?? '', 'base64'));
  reader.string();
  return reader.string();
}
