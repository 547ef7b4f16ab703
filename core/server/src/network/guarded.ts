import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { SteleError, type TcpAddress } from '@stele/sdk';
import { refusalOf } from './addresses.ts';

/**
 * Refuses what no task listens at, however a driver came to name it: link-local addresses, metadata services, multicast. Own
 * addresses are fine here: tasks of this machine listen on its loopback.
 * @throws DENIED for such an address; a name is looked at by {@link guardedLookup}
 */
export function checkDirect({ host }: TcpAddress): void {
  const refusal = isIP(host) === 0 ? undefined : refusalOf(host);
  if (refusal !== undefined) throw refusedAddress(host, refusal);
}

/** What `connect` of `node:net` resolves names by: as the system does, without what is refused. */
export const guardedLookup: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, found) => {
    if (error !== null) return done(error, '', 0);
    const allowed = found.filter(({ address }) => refusalOf(address) === undefined);
    const [first] = allowed;
    if (first === undefined) return done(refusedAddress(host, refusalOf(found[0]?.address ?? '') ?? 'nowhere'), '', 0);
    return options.all === true ? done(null, allowed) : done(null, first.address, first.family);
  });
};

function refusedAddress(host: string, what: string): SteleError {
  return new SteleError('DENIED', `“${host}” is not dialled: it is ${what}.`);
}
