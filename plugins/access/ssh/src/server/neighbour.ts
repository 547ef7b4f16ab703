import { hasCode, SteleError } from '@stele/sdk';
import { isHostName, type Conf } from './conf.ts';
import type { Endpoint } from './connection/endpoint.ts';
import { invalid } from './errors.ts';
import { isPinned } from './keys/pins.ts';
import { vouchedOn } from './keys/vouchers.ts';
import { last } from './route.ts';

const port = 22;

/** What is to blame where a host behind another isn't believed. */
const field = 'accessConf.nodeHostKeys';

/** Whether a host behind another wasn't believed: somebody may have corrected that since its keys were read. */
export function isDisbelief(error: unknown): boolean {
  return hasCode(error, 'DENIED') && error.field === field;
}

/**
 * The way to a host behind the one of `endpoint`. Its keys are those that the known_hosts files there vouch for, and those that the
 * resource's settings name: nobody is believed on sight.
 * @param isFresh whether what was read of those files a minute ago isn't good enough
 */
export async function neighbourRoute(
  endpoint: Endpoint,
  conf: Conf,
  name: string,
  isFresh: boolean,
  signal: AbortSignal,
): Promise<Conf> {
  if (!isHostName(name)) throw invalid('name', `“${name}” is neither the name of a host nor an IP address.`);
  const { keys, revoked } = await vouchedOn(endpoint, name, port, isFresh, signal);
  const pins = [...keys, ...conf.nodeKeys].filter((key) => !isPinned(revoked, key.blob));
  if (pins.length === 0) {
    const words = `Nothing on ${endpoint.name} vouches for the host key of ${name}: its operator should list it in /etc/ssh/ssh_known_hosts there, or this resource in “Host keys of compute nodes”.`;
    throw new SteleError('DENIED', words, { field });
  }
  const hop = { host: name, port, user: last(conf.route).user, pins, revoked, field };
  return { ...conf, route: [...conf.route, hop] };
}
