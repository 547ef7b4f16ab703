import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { Random } from './ports.ts';

const nonceSize = 12;
const tagSize = 16;
const longest = 1024;

/** Makes texts that only this site can make and read: what an entry cookie holds, so that it survives a restart. */
export class Seal {
  readonly #key: Buffer;
  readonly #random: Random;

  constructor(secret: Uint8Array, random: Random) {
    // The same secret may serve other purposes elsewhere; this key is for entry cookies alone.
    this.#key = createHash('sha256').update('stele gateway entry').update(secret).digest();
    this.#random = random;
  }

  close(fields: readonly string[]): string {
    const nonce = this.#random.bytes(nonceSize);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    const body = Buffer.concat([cipher.update(JSON.stringify(fields)), cipher.final()]);
    return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url');
  }

  /** The fields, or `undefined` for a text that was not made here. */
  open(text: string): readonly string[] | undefined {
    if (text.length > longest || !/^[\w-]+$/.test(text)) return undefined;
    const bytes = Buffer.from(text, 'base64url');
    // One cookie has one spelling: base64 readers overlook loose ends.
    if (bytes.length <= nonceSize + tagSize || bytes.toString('base64url') !== text) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, nonceSize));
    decipher.setAuthTag(bytes.subarray(-tagSize));
    try {
      const body = Buffer.concat([decipher.update(bytes.subarray(nonceSize, -tagSize)), decipher.final()]);
      return JSON.parse(body.toString()) as string[];
    } catch {
      return undefined; // Forged, or sealed with an earlier secret: the visitor enters anew.
    }
  }
}
