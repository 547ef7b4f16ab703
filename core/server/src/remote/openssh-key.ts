import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { string, uint32 } from './wire.ts';

const type = 'ssh-ed25519';
/** What an unencrypted key is padded to. */
const block = 8;

/** A new key, as OpenSSH writes it. */
export interface OpenSshKey {
  /** Type and public half, as in `authorized_keys`, without a comment. */
  readonly publicKey: string;
  /** The file that `ssh-keygen` would make, without a passphrase. */
  readonly privateKey: string;
}

/** Makes an Ed25519 key. */
export function newOpenSshKey(comment: string): OpenSshKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { x = '', d = '' } = privateKey.export({ format: 'jwk' });
  const [open, seed] = [Buffer.from(x, 'base64url'), Buffer.from(d, 'base64url')];
  return { publicKey: publicLine(open), privateKey: privateFile(open, seed, comment) };
}

const blobOf = (open: Buffer): Buffer => Buffer.concat([string(type), string(open)]);

const publicLine = (open: Buffer): string => `${type} ${blobOf(open).toString('base64')}`;

/** OpenSSH's `PROTOCOL.key`: cipher and key derivation “none”, one key, padded with 1, 2, 3 … */
function privateFile(open: Buffer, seed: Buffer, comment: string): string {
  const check = randomBytes(4);
  const secret = Buffer.concat([check, check, blobOf(open), string(Buffer.concat([seed, open])), string(comment)]);
  const padding = Buffer.from(Array.from({ length: (block - (secret.length % block)) % block }, (_, at) => at + 1));
  const head = Buffer.concat([Buffer.from('openssh-key-v1\0'), string('none'), string('none'), string(''), uint32(1)]);
  const body = Buffer.concat([head, string(blobOf(open)), string(Buffer.concat([secret, padding]))]);
  const lines = body.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

/** What `ssh-keygen -l` shows of a public line: `SHA256:…`. */
export function fingerprintOf(publicKey: string): string {
  const blob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
