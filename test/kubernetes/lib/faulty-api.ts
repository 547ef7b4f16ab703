import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bed } from './bed.ts';

/** What becomes of a request: an answer of ours, a cut connection, a wait, or nothing that isn't usual. */
export type Fault =
  | { readonly status: number; readonly reason?: string; readonly headers?: Readonly<Record<string, string>> }
  | 'reset'
  | { readonly delay: number }
  | undefined;

/** Stands between a driver and a real API, and does what the real one won't do on command. */
export class FaultyApi implements AsyncDisposable {
  /** What becomes of the next request. */
  fault: (request: IncomingMessage) => Fault = () => undefined;
  /** Whether the answer to a request is kept back, and its connection cut. */
  afterwards: (request: IncomingMessage) => boolean = () => false;
  /** Requests so far, as `GET /path?query`. */
  readonly asked: string[] = [];
  readonly #server: Server;
  readonly #target: URL;
  readonly #ca: Buffer;
  readonly #sockets = new Set<Socket>();

  static async open(bed: Bed): Promise<FaultyApi> {
    const pem = (name: string): Promise<Buffer> => readFile(join(bed.folder, 'pki', name));
    const [key, cert, ca] = await Promise.all(['apiserver.key', 'apiserver.crt', 'ca.crt'].map(pem));
    const faulty = new FaultyApi(createServer({ key, cert }), bed.server, ca ?? Buffer.alloc(0));
    faulty.#server.listen(0, '127.0.0.1');
    await once(faulty.#server, 'listening');
    return faulty;
  }

  private constructor(server: Server, target: URL, ca: Buffer) {
    this.#server = server;
    this.#target = target;
    this.#ca = ca;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (asked: IncomingMessage, answer: ServerResponse) => void this.#handle(asked, answer));
    server.on('upgrade', (asked: IncomingMessage, socket: Socket, head: Buffer) => this.#upgrade(asked, socket, head));
  }

  /** A kubeconfig of the bed's that leads here. */
  async kubeconfig(bed: Bed, name: 'token' | 'wrong' = 'token'): Promise<string> {
    const { port } = this.#server.address() as AddressInfo;
    return (await bed.kubeconfig(name)).replace(bed.server.origin, `https://127.0.0.1:${port}`);
  }

  /** Cuts all connections, as a restart of something in between does. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #handle(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    this.asked.push(`${asked.method} ${asked.url}`);
    const fault = this.fault(asked);
    if (fault === 'reset') return void asked.socket.destroy();
    if (fault !== undefined && 'status' in fault) return respond(answer, fault);
    if (fault !== undefined) await sleep(fault.delay);
    this.#forward(asked, answer);
  }

  #forward(asked: IncomingMessage, answer: ServerResponse): void {
    const onward = request(this.#target, this.#options(asked), (reply) => {
      if (this.afterwards(asked)) return void asked.socket.destroy();
      answer.writeHead(reply.statusCode ?? 500, reply.headers);
      answer.flushHeaders();
      reply.pipe(answer);
      reply.on('error', () => answer.destroy());
      answer.on('close', () => reply.destroy());
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  }

  #upgrade(asked: IncomingMessage, socket: Socket, head: Buffer): void {
    this.asked.push(`UPGRADE ${asked.url}`);
    const onward = request(this.#target, this.#options(asked));
    onward.on('error', () => socket.destroy());
    onward.on('upgrade', (reply, far, first) => {
      const lines = Object.entries(reply.headers).map(([name, value]) => `${name}: ${String(value)}`);
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
      far.unshift(first);
      socket.unshift(head);
      far.pipe(socket).pipe(far);
      far.on('error', () => socket.destroy());
      socket.on('error', () => far.destroy());
    });
    onward.end();
  }

  #options({ method, url: path, headers }: IncomingMessage): object {
    return { method, path, headers, ca: this.#ca, agent: false };
  }
}

function respond(
  answer: ServerResponse,
  {
    status,
    reason = '',
    headers = {},
  }: Exclude<Fault, string | undefined> & {
    status: number;
    reason?: string;
    headers?: Readonly<Record<string, string>>;
  },
): void {
  answer.writeHead(status, { 'content-type': 'application/json', connection: 'close', ...headers });
  answer.end(
    JSON.stringify({ kind: 'Status', status: 'Failure', code: status, reason, message: `made up: ${status}` }),
  );
}
