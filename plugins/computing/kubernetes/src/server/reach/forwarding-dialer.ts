import type { Duplex } from 'node:stream';
import { type Address, type Dialer, hasCode, SteleError } from '@stele/sdk';
import type { ClusterApi } from '../api/cluster-api.ts';
import type { Place } from '../names.ts';
import { forward } from './port-forward.ts';

/** Connects to ports of one pod through the cluster's API. */
export class ForwardingDialer implements Dialer {
  readonly isDirect = false;
  readonly #api: () => Promise<ClusterApi>;
  readonly #pod: Place;
  /** Ports at which something has answered. */
  readonly #proven = new Set<number>();

  constructor(api: () => Promise<ClusterApi>, pod: Place) {
    this.#api = api;
    this.#pod = pod;
  }

  async dial(address: Address, signal: AbortSignal): Promise<Duplex> {
    if ('socket' in address) {
      throw new SteleError('UNSUPPORTED', 'No Unix sockets of a pod can be reached through the cluster’s API.');
    }
    const { port } = address;
    try {
      const [isProven, onHeard] = [this.#proven.has(port), () => void this.#proven.add(port)];
      return await forward(await this.#api(), { pod: this.#pod, port, isProven, onHeard }, signal);
    } catch (error) {
      if (hasCode(error, 'UNREACHABLE')) this.#proven.delete(port);
      throw error;
    }
  }
}
