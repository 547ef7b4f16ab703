import { createHash } from 'node:crypto';

/** A public key as SSH writes it: its type, and its bytes in base 64. */
export interface PublicKey {
  readonly type: string;
  readonly blob: Buffer;
}

/** The type that a key's bytes begin with; `undefined` for what is no key. */
export function typeOf(blob: Buffer): string | undefined {
  if (blob.length < 4) return undefined;
  const length = blob.readUInt32BE(0);
  return length > 0 && length <= 64 && blob.length > 4 + length ? blob.toString('latin1', 4, 4 + length) : undefined;
}

/** Reads `ssh-ed25519 AAAA… comment`. */
export function parsePublicKey(line: string): PublicKey | undefined {
  const [type = '', text = ''] = line.trim().split(/\s+/);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const blob = Buffer.from(text, 'base64');
  return typeOf(blob) === type ? { type, blob } : undefined;
}

/** As `ssh-keygen -l` and OpenSSH's messages show it. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** As a line of `known_hosts` has it, without the host. */
export function keyLine(blob: Buffer): string {
  return `${typeOf(blob) ?? 'unknown'} ${blob.toString('base64')}`;
}
