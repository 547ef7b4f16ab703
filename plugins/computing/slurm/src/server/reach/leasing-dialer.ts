import type { Duplex } from 'node:stream';
import type { Address, Call, Dialer, Host, HostService, HostTarget } from '@stele/sdk';
import { SteleError } from '@stele/sdk';

/** Dials through a host that is leased for each connection, and given back when the connection closes. */
export class LeasingDialer implements Dialer {
  readonly isDirect: boolean;
  readonly #hosts: HostService;
  readonly #target: HostTarget;
  readonly #call: Call;
  readonly #node: string | undefined;

  /** @param node the host behind the target that dials; absent: the target itself does */
  constructor(hosts: HostService, target: HostTarget, isDirect: boolean, call: Call, node?: string) {
    this.isDirect = isDirect && node === undefined;
    this.#hosts = hosts;
    this.#target = target;
    this.#call = call;
    this.#node = node;
  }

  async dial(address: Address, signal: AbortSignal): Promise<Duplex> {
    await using stack = new AsyncDisposableStack();
    const host = stack.use(await this.#open(signal));
    const stream = await host.dial(address, signal);
    const lease = stack.move();
    stream.once('close', () => {
      lease.disposeAsync().catch((error: unknown) => this.#call.log.warn('a lease could not be given back', { error }));
    });
    return stream;
  }

  async #open(signal: AbortSignal): Promise<Host> {
    const login = await this.#hosts.open(this.#target, { ...this.#call, signal });
    if (this.#node === undefined) return login;
    await using _ = login;
    if (login.neighbour) return await login.neighbour(this.#node, signal);
    const message = 'Compute nodes can’t be logged in to this way: reach tasks from the login node, or use SSH.';
    throw new SteleError('UNSUPPORTED', message, { field: 'conf.reach' });
  }
}
