/**
 * ssh2 (1.17.0) knows no OpenSSH certificates of hosts, but its key exchange comes near: it takes any type of host key that both sides
 * name, and has it judged before anything is sent. Four things are made good here, for one connection: certificates are asked for;
 * those of RSA keys may have their own type, which isn't the algorithm that was agreed on; the signature may have the name of the
 * bare key's algorithm; and it is verified by the bare key, while the hash that it is over is that of the certificate. Should ssh2 read the key in another order one day, the signature is wrong, and the host is refused.
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
  _kex: Exchange;
}

interface Exchange {
  readonly negotiated: { serverHostKey: string };
  _hostKey: Buffer | undefined;
}

const { KexInit } = createRequire(import.meta.url)('ssh2/lib/protocol/kex.js') as {
  KexInit: new (lists: object) => Insides['_offer'];
};

/** By the certificates that they are asked for with: what an RSA key signs with. None with SHA-1. */
const rsaAlgorithms = new Map(['rsa-sha2-512', 'rsa-sha2-256'].map((name) => [certificateType(name), name]));

const certificateTypes = [
  ...['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521'].map(certificateType),
  ...rsaAlgorithms.keys(),
];

/** What an RSA key has agreed to sign with, by exchange. */
const agreed = new WeakMap<Exchange, string>();

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
  allowRsa(protocol);
}

/** ssh2 compares what was agreed on with the type of what is shown. Each exchange is looked at as it begins. */
function allowRsa(protocol: Insides): void {
  let current = protocol._kex;
  Object.defineProperty(protocol, '_kex', {
    configurable: true,
    get: () => current,
    set: (exchange: Exchange) => {
      current = exchange;
      const algorithm = rsaAlgorithms.get(exchange.negotiated.serverHostKey);
      if (algorithm === undefined) return;
      agreed.set(exchange, algorithm);
      exchange.negotiated.serverHostKey = certificateType('ssh-rsa');
    },
  });
}

/** Goes on with a certificate that is believed. To be called while ssh2 asks whether it is. */
export function goOnWith(client: Client, { bareType, blob, key }: Certificate): void {
  const exchange = insidesOf(client)._kex;
  exchange.negotiated.serverHostKey = agreed.get(exchange) ?? bareType;
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
