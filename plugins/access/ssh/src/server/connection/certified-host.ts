/**
 * ssh2 (1.17.0) knows no OpenSSH certificates of hosts, but its key exchange comes near: it takes any type of host key that both sides
 * name, and has it judged before anything is sent. Three things are made good here, for one connection: certificates are asked for;
 * the signature may have the name of the bare key; and it is verified by the bare key, while the hash that it is over is that of
 * the certificate. Should ssh2 read the key in another order one day, the signature is wrong, and the host is refused.
 * The version is pinned, and tests on a real sshd say when it no longer holds.
 */
import { createRequire } from 'node:module';
import type { Client } from 'ssh2';
import { type Certificate, certificateType } from '../keys/certificate.ts';

interface List {
  readonly array: readonly string[];
}
type Way = Readonly<Record<'cipher' | 'mac' | 'compress' | 'lang', List>>;

/** What is used of ssh2's protocol object. */
interface Insides {
  _offer: { readonly lists: { readonly kex: List; readonly serverHostKey: List; readonly cs: Way; readonly sc: Way } };
  /** The exchange of keys that is under way. */
  readonly _kex: { readonly negotiated: { serverHostKey: string }; _hostKey: Buffer | undefined };
}

const { KexInit } = createRequire(import.meta.url)('ssh2/lib/protocol/kex.js') as {
  KexInit: new (lists: object) => Insides['_offer'];
};

/** Not of RSA keys: there the type that is agreed on and that of the certificate differ, which ssh2 refuses. */
const certificateTypes = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'].map(
  certificateType,
);

/** Asks a host for a certificate first, as soon as the connection begins. */
export function askForCertificate(client: Client): void {
  const protocol = insidesOf(client);
  const { kex, serverHostKey, cs, sc } = protocol._offer.lists;
  protocol._offer = new KexInit({
    kex: kex.array,
    serverHostKey: [...certificateTypes, ...serverHostKey.array],
    cs: namesOf(cs),
    sc: namesOf(sc),
  });
}

/** Goes on with a certificate that is believed. To be called while ssh2 asks whether it is. */
export function goOnWith(client: Client, { bareType, blob, key }: Certificate): void {
  const exchange = insidesOf(client)._kex;
  exchange.negotiated.serverHostKey = bareType;
  const values = [blob];
  Object.defineProperty(exchange, '_hostKey', {
    configurable: true,
    // First for the hash, then twice to read the key by which the signature is verified.
    get: () => values.shift() ?? key,
    set: (value) => {
      Object.defineProperty(exchange, '_hostKey', { value, writable: true });
    },
  });
}

function insidesOf(client: Client): Insides {
  return (client as unknown as { readonly _protocol: Insides })._protocol;
}

function namesOf({ cipher, mac, compress, lang }: Way): Record<keyof Way, readonly string[]> {
  return { cipher: cipher.array, mac: mac.array, compress: compress.array, lang: lang.array };
}
