import { Fields } from '../sftp/wire.ts';

/** An OpenSSH certificate (its `PROTOCOL.certkeys`), read and not yet believed. Times are in seconds since 1970. */
export interface Certificate {
  /** E.g. `ssh-ed25519-cert-v01@openssh.com`. */
  readonly type: string;
  /** Of the key that it is for, e.g. `ssh-ed25519`. */
  readonly bareType: string;
  readonly blob: Buffer;
  /** The key that it is for, as it is written without a certificate. */
  readonly key: Buffer;
  readonly role: number;
  /** Accounts, or names of hosts. */
  readonly principals: readonly string[];
  readonly validAfter: number;
  readonly validBefore: number;
  readonly criticalOptions: readonly string[];
  /** The key that signed it. */
  readonly authority: Buffer;
  /** What the signature is over. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** Values of {@link Certificate.role}. */
export const roles = { user: 1, host: 2 } as const;

const suffix = '-cert-v01@openssh.com';

/** The type of certificates for a type of keys. */
export const certificateType = (bareType: string): string => `${bareType}${suffix}`;

/** Types of keys, and how many fields their public halves have. */
const fieldsOf = new Map([
  ['ssh-ed25519', 1],
  ['ecdsa-sha2-nistp256', 2],
  ['ecdsa-sha2-nistp384', 2],
  ['ecdsa-sha2-nistp521', 2],
  ['ssh-rsa', 2],
]);

/** Reads `ssh-ed25519-cert-v01@openssh.com AAAA… comment`; `undefined` for what is no certificate. */
export function parseCertificateLine(line: string): Certificate | undefined {
  const [type = '', text = ''] = line.trim().split(/\s+/);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const certificate = parseCertificate(Buffer.from(text, 'base64'));
  return certificate?.type === type ? certificate : undefined;
}

/** Reads a certificate's bytes, all of them; `undefined` for what is none. */
export function parseCertificate(blob: Buffer): Certificate | undefined {
  try {
    return read(blob);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function read(blob: Buffer): Certificate | undefined {
  const fields = new Fields(blob);
  const type = fields.bytes().toString('latin1');
  const bareType = type.endsWith(suffix) ? type.slice(0, -suffix.length) : '';
  const count = fieldsOf.get(bareType);
  if (count === undefined) return undefined;
  fields.skip(); // nonce
  const key = joined([Buffer.from(bareType), ...times(count, () => fields.bytes())]);
  fields.u64(); // serial number
  const role = fields.u32();
  fields.skip(); // key id, for logs
  const principals = listOf(fields.bytes());
  const [validAfter, validBefore] = [fields.u64(), fields.u64()];
  const criticalOptions = listOf(fields.bytes()).filter((_, index) => index % 2 === 0);
  fields.skip(); // extensions: whoever doesn't know one may ignore it
  fields.skip(); // reserved
  const authority = fields.bytes();
  const signature = fields.bytes();
  if (!fields.isAtEnd) return undefined;
  const signed = blob.subarray(0, blob.length - 4 - signature.length);
  return {
    ...{ type, bareType, blob, key, role, principals, validAfter, validBefore },
    criticalOptions,
    ...{ authority, signed, signature },
  };
}

/** Each with its length in front, as SSH writes what has a length. */
export function joined(values: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    values.flatMap((value) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(value.length);
      return [length, value];
    }),
  );
}

/** What {@link joined} has joined. */
function listOf(bytes: Buffer): string[] {
  const fields = new Fields(bytes);
  const all: string[] = [];
  while (!fields.isAtEnd) all.push(fields.bytes().toString('utf8'));
  return all;
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}

/** Why a certificate counts for nothing at a time (ms since 1970), to come after its name; `undefined` when it counts. */
export function whyNotAt({ validAfter, validBefore }: Certificate, now: number): string | undefined {
  const seconds = Math.floor(now / 1000);
  if (seconds >= validBefore) return `expired on ${written(validBefore)}`;
  return seconds < validAfter ? `is valid from ${written(validAfter)} on` : undefined;
}

/** Later than dates can be: for ever. */
const latest = 8_640_000_000_000;

function written(seconds: number): string {
  const [day = '', time = ''] = new Date(Math.min(seconds, latest) * 1000).toISOString().split('T');
  return `${day} ${time.slice(0, 5)} UTC`;
}
