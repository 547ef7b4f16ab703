import type { Duplex } from 'node:stream';
import { type Endpoint, hasCode, type Host, SteleError, streamFailure } from '@stele/sdk';

/** How streams to one engine's API are opened. */
export interface Way {
  /** For people: `this machine (/run/docker.sock)`. */
  readonly name: string;
  /** What curl is told to take the same way. */
  readonly curl: { readonly base: string; readonly options: readonly string[] };
  /** @throws UNSUPPORTED where there is no engine, DENIED, UNREACHABLE */
  connect(signal: AbortSignal): Promise<Duplex>;
  /** What an error of such a stream means. */
  explain(error: unknown): SteleError;
}

/** All ways to an engine that a host may have, the preferred first. */
export function waysOn(host: Host, sockets: readonly string[]): readonly Way[] {
  const { endpoint } = host;
  return endpoint === undefined ? sockets.map((path) => socketWay(host, path)) : [endpointWay(host, endpoint)];
}

function endpointWay(host: Host, endpoint: Endpoint): Way {
  return {
    name: host.name,
    curl: { base: `https://${endpoint.authority}`, options: [] },
    connect: (signal) => endpoint.connect(signal),
    explain: (error) => endpoint.explain(error),
  };
}

function socketWay(host: Host, path: string): Way {
  const name = `${host.name} (${path})`;
  return {
    name,
    curl: { base: 'http://localhost', options: ['--unix-socket', path] },
    async connect(signal) {
      try {
        return await host.dial({ socket: path }, signal);
      } catch (error) {
        if (signal.aborted || !hasCode(error, 'UNREACHABLE', 'DENIED')) throw error;
        throw await silenceOf(host, path, error, signal);
      }
    },
    explain: (error) => streamFailure(name, error),
  };
}

/** Why a socket can't be opened: SSH says nothing but that it can't. */
async function silenceOf(host: Host, path: string, cause: unknown, signal: AbortSignal): Promise<SteleError> {
  const is = async (test: '-S' | '-w'): Promise<boolean> => {
    const { exitCode } = await host.exec(['test', test, path], {}, signal);
    return exitCode === 0;
  };
  if (!(await is('-S'))) {
    const message = `There is no socket ${path} on ${host.name}. Start the daemon, e.g. with “systemctl enable --now docker.socket” or “podman.socket”.`;
    return new SteleError('UNSUPPORTED', message, { cause });
  }
  if (!(await is('-w'))) {
    const message = `This account may not use ${path} on ${host.name}. Add it to the group of the socket.`;
    return new SteleError('DENIED', message, { cause });
  }
  const message = `The daemon behind ${path} on ${host.name} doesn’t run, or forwarding to its socket is forbidden.`;
  return new SteleError('UNREACHABLE', message, { cause });
}
