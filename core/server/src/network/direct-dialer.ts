import { lookup } from 'node:dns/promises';
import { isIP, type Socket, connect } from 'node:net';
import {
  type DirectDialOptions,
  type DirectDialService,
  hasCode,
  messageOf,
  SteleError,
  type TcpAddress,
  unlessAborted,
} from '@stele/sdk';
import { isIn, isOwn, networksOf, plainAddress, privacyOf, refusalOf } from './addresses.ts';

/** Milliseconds for each of a host's addresses; the system would try for two minutes. */
const patience = 10_000;

/** What a name stands for. Tests say something else. */
export type Resolve = (host: string) => Promise<readonly string[]>;

async function resolveBySystem(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** Connects from this process to where it may. */
export class DirectDialer implements DirectDialService {
  readonly #resolve: Resolve;

  constructor(resolve: Resolve = resolveBySystem) {
    this.#resolve = resolve;
  }

  async dial({ host, port }: TcpAddress, options: DirectDialOptions, signal: AbortSignal): Promise<Socket> {
    const addresses = await this.addressesOf(host, options, signal);
    let failure: unknown;
    for (const address of addresses) {
      try {
        return await connected(connect({ host: address, port, noDelay: true, keepAlive: true }), signal);
      } catch (error) {
        if (signal.aborted) throw left(signal);
        failure = error;
      }
    }
    throw unreachable(`${host}:${port}`, failure);
  }

  /** The addresses of a host that may be dialled: no name is resolved a second time. */
  async addressesOf(host: string, options: DirectDialOptions, signal: AbortSignal): Promise<readonly string[]> {
    const all = (isIP(host) === 0 ? await this.#resolved(host, signal) : [host]).map(plainAddress);
    const refusals = all.map((address) => whyNot(address, options));
    const allowed = all.filter((_, index) => refusals[index] === undefined);
    if (allowed.length > 0) return allowed;
    // Whoever is guarded against learns nothing of the names in the platform's network.
    const named = all[0] === host || options.publicOr !== undefined ? `“${host}”` : `“${host}” (${all[0]})`;
    throw new SteleError('DENIED', `${named} is not dialled: it is ${refusals[0]}.`);
  }

  async #resolved(host: string, signal: AbortSignal): Promise<readonly string[]> {
    try {
      const addresses = await unlessAborted(this.#resolve(host), signal);
      if (addresses.length > 0) return addresses;
    } catch (error) {
      if (hasCode(error, 'UNREACHABLE')) throw error;
      throw new SteleError('UNREACHABLE', `The name “${host}” is not known here (${messageOf(error)}).`, {
        cause: error,
      });
    }
    throw new SteleError('UNREACHABLE', `The name “${host}” stands for no address.`);
  }
}

function whyNot(address: string, { networks, publicOr }: DirectDialOptions): string | undefined {
  const refusal = refusalOf(address);
  if (refusal === undefined && publicOr !== undefined) {
    return isIn(networksOf(publicOr), address) ? undefined : privacyOf(address);
  }
  if (refusal !== undefined || networks === undefined) return refusal;
  if (isOwn(address)) return 'an address of the platform itself';
  return isIn(networksOf(networks), address) ? undefined : 'outside of the networks that the resource names';
}

async function connected(socket: Socket, signal: AbortSignal): Promise<Socket> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const give = (): void => reject(new Error('it took too long'));
  limit.addEventListener('abort', give, { once: true });
  if (limit.aborted) give();
  socket.once('connect', resolve).on('error', reject);
  try {
    await promise;
    // Whoever listens to errors stays: one that comes before anybody else does would end the process.
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    limit.removeEventListener('abort', give);
  }
}

function unreachable(where: string, cause: unknown): SteleError {
  const said = (cause as NodeJS.ErrnoException | undefined)?.code ?? messageOf(cause);
  return new SteleError('UNREACHABLE', `Nothing answers at ${where} (${said}).`, { cause });
}

function left(signal: AbortSignal): SteleError {
  return new SteleError('UNREACHABLE', 'The call was ended before there was a connection.', { cause: signal.reason });
}
