import { type IncomingMessage, request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ApiRequest, targetOf } from './request.ts';
import type { Way } from './way.ts';

/**
 * Sends one request on a stream of its own and resolves with the head of the answer. The stream ends with the answer's body,
 * which is read no faster than it is taken. Aborting `signal` destroys both.
 */
export async function exchange(way: Way, request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const proof = await way.proof(signal);
  const stream = await way.connect(signal);
  const content = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
  const headers = { host: way.host, connection: 'close', accept: 'application/json', ...about(request, content) };
  return answered(stream, signal, () =>
    httpRequest({
      // A kept connection that the far end drops while it idles makes the next request fail; another one is cheap.
      createConnection: () => stream,
      method: request.method,
      path: targetOf(way.base, request),
      headers: { ...headers, ...proof },
      signal,
    }).end(content),
  );
}

function about({ method }: ApiRequest, content: Buffer | undefined): Record<string, string | number> {
  if (content === undefined) return {};
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return { 'content-type': type, 'content-length': content.length };
}

function answered(
  stream: Duplex,
  signal: AbortSignal,
  send: () => ReturnType<typeof httpRequest>,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // The stream may break before the request has it: nobody else would hear of it.
    stream.on('error', reject);
    if (stream.destroyed || signal.aborted) {
      stream.destroy();
      return reject(stream.errored ?? signal.reason ?? new Error('the stream was closed'));
    }
    const sent = send();
    sent.once('response', (answer) => {
      answer.once('close', () => stream.destroy());
      resolve(answer);
    });
    // Stays: what breaks after the answer's head is told by the answer.
    sent.on('error', (error) => {
      stream.destroy();
      reject(error);
    });
  });
}
