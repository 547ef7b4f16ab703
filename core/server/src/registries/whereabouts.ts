import { isIP } from 'node:net';
import { whyNotPublic } from '../network/index.ts';

/** Names that each machine, each engine or each network gives out for itself. */
const inward = /^[^.]+$|\.(?:localhost|localdomain|local|internal)$/;

/** The host of a registry: an address, however it is written (`127.1`, `0x7f000001`), in the usual spelling. Pure. */
export function hostOf(registry: string): string | undefined {
  return URL.parse(`http://${registry}`)?.hostname;
}

/** What keeps a host from being the same one for everybody, as far as its name tells. Nothing for what is to be looked up. */
export function inwardness(host: string): string | undefined {
  if (isIP(host) !== 0) return whyNotPublic(host);
  return inward.test(host) ? 'a name that says something else on each network' : undefined;
}
