import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { secretKeyExposed, secretKeyWeak, secretUnreadable } from './errors.ts';

/** Encrypts what the database keeps of secrets: AES-256-GCM, by a key that is not in the database. */
export interface SecretBox {
  /** @param purpose what it is for, e.g. `credential`; opening for another purpose fails, so rows can't be swapped */
  seal(plain: string, purpose: string): string;
  /** DENIED when the key is not the one it was sealed with, or somebody changed it. */
  open(sealed: string, purpose: string): string;
  /** 32 bytes for one purpose, always the same: for signatures. */
  derive(purpose: string): Buffer;
}

/** By `STELE_SECRET_KEY`, or else by `secret.key` in the data folder, which is made on first use. */
export async function openSecretBox(dataDir: string, env: NodeJS.ProcessEnv = process.env): Promise<SecretBox> {
  if (env.STELE_SECRET_KEY !== undefined) return secretBox(checked(env.STELE_SECRET_KEY, 'STELE_SECRET_KEY'));
  const path = join(dataDir, 'secret.key');
  const text = (await readKey(path)) ?? (await makeKey(path, dataDir));
  return secretBox(checked(text, path));
}

const ivBytes = 12;
const tagBytes = 16;
const version = 'v1:';

/** A box by any strong key material. */
export function secretBox(material: string): SecretBox {
  const derive = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', material, '', `stele:${purpose}`, 32));
  const key = createSecretKey(derive('secret-box'));
  return {
    derive,
    seal(plain, purpose) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(purpose));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return version + Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64');
    },
    open(sealed, purpose) {
      try {
        return unsealed(sealed, purpose, key);
      } catch (error) {
        throw secretUnreadable(error);
      }
    },
  };
}

function unsealed(sealed: string, purpose: string, key: KeyObject): string {
  if (!sealed.startsWith(version)) throw new Error('not a sealed value');
  const bytes = Buffer.from(sealed.slice(version.length), 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
  return decipher.update(bytes.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8');
}

const shortest = 32;
const fewestDifferent = 12;
const defaults = /change.?me|default|example|secret.?key|password|your.?key|insecure/i;

/** Refuses what people leave in from an example, or type in a hurry. */
function checked(text: string, source: string): string {
  const key = text.trim();
  if (key.length < shortest || new Set(key).size < fewestDifferent || defaults.test(key)) throw secretKeyWeak(source);
  return key;
}

async function readKey(path: string): Promise<string | undefined> {
  try {
    if (((await stat(path)).mode & 0o077) !== 0) throw secretKeyExposed(path);
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written aside and linked into place: two that start at once end up with one key, and none with half a key. */
async function makeKey(path: string, dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const fresh = `${path}.${randomBytes(6).toString('hex')}.new`;
  await writeFile(fresh, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flush: true });
  try {
    await link(fresh, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(fresh, { force: true });
  }
  return await readFile(path, 'utf8');
}
