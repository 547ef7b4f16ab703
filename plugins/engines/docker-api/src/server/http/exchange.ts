import { type IncomingMessage, request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ApiRequest, targetOf } from './request.ts';

/**
 * Sends one request on a stream of its own and resolves with the head of the answer. The stream ends with the answer's body,
 * which nobody reads faster than it is taken. Aborting `signal` destroys both.
 */
export function exchange(stream: Duplex, request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const { method, body, headers = {} } = request;
  const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const about = content === undefined ? {} : { 'content-type': 'application/json', 'content-length': content.length };
  return new Promise((resolve, reject) => {
    // The stream may break before the request has it: nobody else would hear of it.
    stream.on('error', reject);
    if (stream.destroyed) return reject(stream.errored ?? new Error('the stream was closed'));
    const sent = httpRequest({
      // A kept connection that the far end drops while it idles makes the next request fail; another one is cheap.
      createConnection: () => stream,
      method,
      path: targetOf(request),
      headers: { host: 'engine', connection: 'close', ...about, ...headers },
      signal,
    });
    sent.once('response', (answer) => {
      answer.once('close', () => stream.destroy());
      resolve(answer);
    });
    // Stays: what breaks after the answer's head is told by the answer.
    sent.on('error', (error) => {
      stream.destroy();
      reject(error);
    });
    sent.end(content);
  });
}
