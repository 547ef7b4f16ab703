import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';

export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A request exactly as it is written here: `fetch` would mend the path, and set headers of its own. */
export async function raw(port: number, { method = 'GET', path, headers, body }: RawRequest): Promise<RawAnswer> {
  const sent = request({
    host: '127.0.0.1',
    port,
    method,
    path,
    agent: false,
    headers: { Host: `localhost:${port}`, ...headers },
  });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
}

/** Bytes on a connection, and everything that comes back until the other side closes or falls silent. */
export async function bytes(port: number, sent: string | Uint8Array, silence = 1000): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => undefined);
  socket.setTimeout(silence, () => socket.destroy());
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    socket.write(sent);
  });
  return Buffer.concat(chunks).toString('latin1');
}

/** Asks for a WebSocket and leaves; the status of the answer, 101 when it was let in. */
export async function knock(port: number, path: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  try {
    return await new Promise<number>((resolve, reject) => {
      socket.once('open', () => resolve(101));
      socket.once('unexpected-response', (_, answer: IncomingMessage) => resolve(answer.statusCode ?? 0));
      socket.once('error', reject);
    });
  } finally {
    socket.on('error', () => undefined).terminate();
  }
}
