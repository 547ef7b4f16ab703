import type { Duplex } from 'node:stream';
import type { Host } from './access.ts';
import type { Address, Dialer } from './address.ts';
import type { Logger } from './call.ts';

/** How {@link LeasingDialer} comes by its host. */
export interface Leasing {
  /** Opens the host that dials; called for each connection. */
  readonly open: (signal: AbortSignal) => Promise<Host>;
  /** Whether that host is the platform's own machine. */
  readonly isDirect: boolean;
  readonly log: Logger;
}

/** Dials through a host that is leased for each connection, and given back when the connection closes. */
export class LeasingDialer implements Dialer {
  readonly isDirect: boolean;
  readonly #open: Leasing['open'];
  readonly #log: Logger;

  constructor({ open, isDirect, log }: Leasing) {
    this.isDirect = isDirect;
    this.#open = open;
    this.#log = log;
  }

  async dial(address: Address, signal: AbortSignal): Promise<Duplex> {
    await using stack = new AsyncDisposableStack();
    const host = stack.use(await this.#open(signal));
    const stream = await host.dial(address, signal);
    const lease = stack.move();
    stream.once('close', () => {
      lease.disposeAsync().catch((error: unknown) => this.#log.warn('a lease could not be given back', { error }));
    });
    return stream;
  }
}
