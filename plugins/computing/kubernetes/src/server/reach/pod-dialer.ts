import type { Duplex } from 'node:stream';
import { type Address, type Dialer, type DirectDialService, SteleError } from '@stele/sdk';

/** Connects to pods in the networks that a resource declares, from the platform's own process. */
export class PodDialer implements Dialer {
  // Not all that the platform sees is to be dialled.
  readonly isDirect = false;
  readonly #direct: DirectDialService;
  readonly #networks: readonly string[];

  constructor(direct: DirectDialService, networks: readonly string[]) {
    this.#direct = direct;
    this.#networks = networks;
  }

  async dial(address: Address, signal: AbortSignal): Promise<Duplex> {
    if ('socket' in address) throw new SteleError('UNSUPPORTED', 'No Unix sockets of a pod can be reached.');
    if (this.#networks.length === 0) {
      const message = 'Nobody has said in which networks pods are.';
      throw new SteleError('INVALID', message, { field: 'conf.networks' });
    }
    return this.#direct.dial(address, { networks: this.#networks }, signal);
  }
}

/** Makes dialers; the same one for the same networks. */
export function podDialers(direct: DirectDialService): (networks: readonly string[]) => PodDialer {
  const known = new Map<string, PodDialer>();
  return (networks) => {
    const name = networks.join(' ');
    const dialer = known.get(name) ?? new PodDialer(direct, networks);
    known.set(name, dialer);
    return dialer;
  };
}
