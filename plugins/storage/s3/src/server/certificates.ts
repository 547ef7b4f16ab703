import { X509Certificate } from 'node:crypto';
import { notACertificate } from './errors.ts';

/**
 * Each certificate of a text in PEM. Node passes over those that it can’t read, and then trusts nobody by them (24).
 * @throws INVALID (field `conf.ca`)
 */
export function certificatesIn(text: string): string[] {
  const blocks = text.trim().split(/(?=-----BEGIN CERTIFICATE-----)/);
  try {
    return blocks.map((block) => new X509Certificate(block).toString());
  } catch (error) {
    throw notACertificate(error);
  }
}
