import type { Duplex } from 'node:stream';
import { SteleError } from '@stele/sdk';
import { WebSocket } from 'ws';
import { textOf } from '../api/bodies.ts';
import type { ClusterApi } from '../api/cluster-api.ts';
import { failureOf, statusOf } from '../api/failures.ts';
import { paths, targetOf } from '../api/request.ts';
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
    const socket = await upgraded(api, pod, port, until);
    const stream = new Forwarded(socket, onHeard);
    await stream.opened(isProven);
    return stream;
  } catch (error) {
    throw api.explained(error, signal);
  }
}

async function upgraded({ way }: ClusterApi, pod: Place, port: number, signal: AbortSignal): Promise<WebSocket> {
  const proof = await way.proof(signal);
  const stream = await way.connect(signal);
  const target = targetOf(way.base, {
    method: 'GET',
    path: paths.portForward(pod.namespace, pod.name),
    query: { ports: port },
  });
  const socket = new WebSocket(`ws://${way.host}${target}`, protocol, {
    createConnection: () => stream as never,
    headers: proof,
    perMessageDeflate: false,
    // A node sends at most 32 KiB at once.
    maxPayload: 1 << 20,
    skipUTF8Validation: true,
  });
  return opened(socket, stream, way.name, signal);
}

function opened(socket: WebSocket, stream: Duplex, where: string, signal: AbortSignal): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const fail = (reason: unknown): void => {
      signal.removeEventListener('abort', give);
      stream.destroy();
      reject(reason);
    };
    const give = (): void => fail(signal.reason);
    signal.addEventListener('abort', give, { once: true });
    if (signal.aborted) give();
    // Stays: what is terminated before it is open says so.
    socket.on('error', fail);
    socket.once('unexpected-response', (_request, answer) => {
      textOf(answer).then((text) => fail(failureOf(statusOf(answer.statusCode ?? 0, text), where)), fail);
    });
    socket.once('open', () => {
      signal.removeEventListener('abort', give);
      if (socket.protocol === protocol) return resolve(socket);
      fail(new SteleError('UNSUPPORTED', `${where} forwards no ports by WebSocket.`));
    });
  });
}
