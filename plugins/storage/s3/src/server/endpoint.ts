import { lookup as ask, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { SteleError } from '@stele/sdk';
import type { Settings } from '../settings.ts';
import type { Conf } from './conf.ts';
import { endpointNotAllowed, needsTls } from './errors.ts';

/** Host of the store, with its port where that is said; for people, too. */
export function hostOf({ endpoint, region }: Pick<Conf, 'endpoint' | 'region'>): string {
  return endpoint === undefined ? `s3.${region}.amazonaws.com` : new URL(endpoint).host;
}

/**
 * Whether an endpoint may be used at all.
 * @param isTheirs whether it was chosen by a user, rather than by who runs the site
 * @returns whether the addresses that its name leads to are to be guarded, too
 * @throws DENIED (field `conf.endpoint`)
 */
export function checkEndpoint(conf: Conf, isTheirs: boolean, { endpoints, plainHttp }: Settings): boolean {
  if (conf.endpoint?.startsWith('http:') && !plainHttp) throw needsTls();
  const host = hostOf(conf);
  if (!isTheirs || endpoints.includes(host)) return false;
  if (endpoints.length > 0 || isOffLimits(new URL(`https://${host}`).hostname)) throw endpointNotAllowed(host);
  return true;
}

const offLimits = new BlockList();
offLimits.addSubnet('0.0.0.0', 8);
offLimits.addSubnet('127.0.0.0', 8);
offLimits.addSubnet('169.254.0.0', 16);
offLimits.addAddress('::', 'ipv6');
offLimits.addAddress('::1', 'ipv6');
offLimits.addSubnet('fe80::', 10, 'ipv6');

/** This machine’s own and link-local addresses, where metadata services are: never a user’s store. */
export function isOffLimits(address: string): boolean {
  const kind = isIP(address);
  return kind !== 0 && offLimits.check(address, kind === 6 ? 'ipv6' : 'ipv4');
}

/** Resolves a name as Node does, and refuses what is off limits: a name may lead anywhere, and elsewhere tomorrow. */
export const guardedLookup: LookupFunction = (name, options: LookupOptions, callback) => {
  ask(name, { ...options, all: true }, (error, found: LookupAddress[]) => {
    if (error) return callback(error, '', 0);
    const bad = found.find(({ address }) => isOffLimits(address));
    if (bad) return callback(endpointNotAllowed(`${name} (${bad.address})`), '', 0);
    const [first] = found;
    if (!first) return callback(new SteleError('UNREACHABLE', `DNS: ${name} has no address.`), '', 0);
    return options.all === true ? callback(null, found) : callback(null, first.address, first.family);
  });
};
