import type { Host } from '@stele/sdk';
import { isHostName, type Conf } from './conf.ts';
import { denied, invalid } from './errors.ts';
import { vouchedKeys } from './keys/known-hosts.ts';
import { isPinned } from './keys/pins.ts';
import { last } from './route.ts';

const port = 22;
/** The account's own file lies in its home, where commands begin. */
const files = ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2', '.ssh/known_hosts'];

/**
 * The way to a host behind `host`. Its keys are those that the known_hosts files there vouch for, and those that the resource's settings
 * name: nobody is believed on sight.
 */
export async function neighbourRoute(host: Host, conf: Conf, name: string, signal: AbortSignal): Promise<Conf> {
  if (!isHostName(name)) throw invalid('name', `“${name}” is neither the name of a host nor an IP address.`);
  const { stdout } = await host.exec(['cat', ...files], { maxOutput: 64 * 1024 * 1024 }, signal);
  const { keys, revoked } = vouchedKeys(stdout, name, port);
  const pins = [...keys, ...conf.nodeKeys].filter((key) => !isPinned(revoked, key.blob));
  if (pins.length === 0) {
    throw denied(
      `Nothing on ${host.name} vouches for the host key of ${name}: its operator should list it in /etc/ssh/ssh_known_hosts there, or this resource in “Host keys of compute nodes”.`,
    );
  }
  const hop = { host: name, port, user: last(conf.route).user, pins, field: 'accessConf.nodeHostKeys' };
  return { ...conf, route: [...conf.route, hop] };
}
