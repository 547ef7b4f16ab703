import type { Duplex } from 'node:stream';
import type { Address, Call, Dialer, HostService, HostTarget } from '@stele/sdk';

/** Dials through a host that is leased for each connection, and given back when the connection closes. */
export class LeasingDialer implements Dialer {
  readonly isDirect: boolean;
  readonly #hosts: HostService;
  readonly #target: HostTarget;
  readonly #call: Call;

  constructor(hosts: HostService, target: HostTarget, isDirect: boolean, call: Call) {
    this.isDirect = isDirect;
    this.#hosts = hosts;
    this.#target = target;
    this.#call = call;
  }

  async dial(address: Address, signal: AbortSignal): Promise<Duplex> {
    await using stack = new AsyncDisposableStack();
    const host = stack.use(await this.#hosts.open(this.#target, { ...this.#call, signal }));
    const stream = await host.dial(address, signal);
    const lease = stack.move();
    stream.once('close', () => {
      lease.disposeAsync().catch((error: unknown) => this.#call.log.warn('a lease could not be given back', { error }));
    });
    return stream;
  }
}
