import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { SteleError } from '@stele/sdk';
import { WebSocket } from 'ws';
import { textOf } from '../api/bodies.ts';
import type { ClusterApi } from '../api/cluster-api.ts';
import { failureOf, statusOf } from '../api/failures.ts';
import { paths, targetOf } from '../api/request.ts';
import type { Way } from '../api/way.ts';
import type { Place } from '../names.ts';
import { Forwarded } from './forwarded.ts';
import { protocol } from './frames.ts';

/** Milliseconds for the API server and the node. */
const patience = 15_000;

/** What a connection is made to. */
export interface Target {
  readonly pod: Place;
  readonly port: number;
  /** Whether something is known to listen there, so that a refusal needn't be waited for. */
  readonly isProven: boolean;
  /** Called whenever the pod says something. */
  readonly onHeard: () => void;
}

/**
 * Opens a connection to a port of a pod, through the API.
 * @throws UNREACHABLE, DENIED, NOT_FOUND
 */
export async function forward(
  api: ClusterApi,
  { pod, port, isProven, onHeard }: Target,
  signal: AbortSignal,
): Promise<Duplex> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  try {
    const proof = await api.way.proof(until);
    const carrier = await api.way.connect(until);
    const socket = socketOn(carrier, api.way, pod, port, proof);
    // At once: the node greets in the same breath as it accepts.
    const stream = new Forwarded(socket, onHeard);
    await opened(socket, stream, carrier, api.way.name, until);
    await stream.opened(isProven);
    return stream;
  } catch (error) {
    throw api.explained(error, signal);
  }
}

function socketOn(
  carrier: Duplex,
  { base, host }: Way,
  pod: Place,
  port: number,
  proof: Readonly<Record<string, string>>,
): WebSocket {
  const path = paths.portForward(pod.namespace, pod.name);
  const target = targetOf(base, { method: 'GET', path, query: { ports: port } });
  return new WebSocket(`ws://${host}${target}`, protocol, {
    createConnection: () => carrier as Socket,
    headers: proof,
    perMessageDeflate: false,
    // A node sends at most 32 KiB at once.
    maxPayload: 1 << 20,
    skipUTF8Validation: true,
  });
}

function opened(socket: WebSocket, stream: Duplex, carrier: Duplex, where: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: unknown): void => {
      signal.removeEventListener('abort', give);
      reject(reason);
      stream.destroy();
      carrier.destroy();
    };
    const give = (): void => fail(signal.reason);
    signal.addEventListener('abort', give, { once: true });
    if (signal.aborted) return give();
    // Stays: an error that comes before anybody else listens would end the process.
    stream.on('error', fail);
    socket.once('unexpected-response', (_request, answer) => {
      textOf(answer).then((text) => fail(failureOf(statusOf(answer.statusCode ?? 0, text), where)), fail);
    });
    socket.once('open', () => {
      signal.removeEventListener('abort', give);
      if (socket.protocol === protocol) return resolve();
      fail(new SteleError('UNSUPPORTED', `${where} forwards no ports by WebSocket.`));
    });
  });
}
