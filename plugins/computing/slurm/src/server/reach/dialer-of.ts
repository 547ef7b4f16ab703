import { type Call, type Dialer, type HostService, type HostTarget, LeasingDialer, SteleError } from '@stele/sdk';

/**
 * Dials a resource's tasks from there.
 * @param node the host behind the target that dials; absent: the target itself does
 */
export function dialerOf(hosts: HostService, target: HostTarget, isDirect: boolean, call: Call, node?: string): Dialer {
  const { log } = call;
  if (node === undefined) {
    return new LeasingDialer({ open: (signal) => hosts.open(target, { ...call, signal }), isDirect, log });
  }
  const open = async (signal: AbortSignal) => {
    await using login = await hosts.open(target, { ...call, signal });
    if (login.neighbour) return await login.neighbour(node, signal);
    const message = 'Compute nodes can’t be logged in to this way: reach tasks from the login node, or use SSH.';
    throw new SteleError('UNSUPPORTED', message, { field: 'conf.reach' });
  };
  return new LeasingDialer({ open, isDirect: false, log });
}
