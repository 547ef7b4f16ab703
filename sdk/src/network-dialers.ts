import type { Duplex } from 'node:stream';

import type { Address, Dialer } from './address.ts';
import { SteleError } from './errors.ts';
import type { DirectDialService } from './services.ts';

/** Connects, from the platform's own process, to addresses in the networks that a resource declares, and to no others. */
class NetworkDialer implements Dialer {
  // The platform sees the same addresses, but not all of them are to be dialled.
  readonly isDirect = false;
  readonly #direct: DirectDialService;
  readonly #networks: readonly string[];

  constructor(direct: DirectDialService, networks: readonly string[]) {
    this.#direct = direct;
    this.#networks = networks;
  }

  async dial(address: Address, signal: AbortSignal): Promise<Duplex> {
    if ('socket' in address) throw new SteleError('UNSUPPORTED', 'No Unix socket can be reached there.');
    if (this.#networks.length === 0) {
      throw new SteleError('INVALID', 'Nobody has said in which networks tasks are.', { field: 'conf.networks' });
    }
    return this.#direct.dial(address, { networks: this.#networks }, signal);
  }
}

/**
 * Dialers for drivers whose tasks have addresses of their own. The same one for the same networks: whoever is led to a task by
 * another dialer than before gives up the connections that there are.
 */
export function networkDialers(direct: DirectDialService): (networks: readonly string[]) => Dialer {
  const known = new Map<string, Dialer>();
  return (networks) => {
    const name = networks.join(' ');
    const dialer = known.get(name) ?? new NetworkDialer(direct, networks);
    known.set(name, dialer);
    return dialer;
  };
}
