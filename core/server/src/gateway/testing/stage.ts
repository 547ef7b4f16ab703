import { once } from 'node:events';
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestListener,
  type Server,
  createServer,
  request,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { WebSocket } from 'ws';
import { type GatewayLimits, type GatewayOptions, Gateway, type GatewayTask, share } from '../index.ts';
import { TestClock, TestDialer, TestDirectory, TestGuard, directly, silent } from './fakes.ts';

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly raw: readonly string[];
  readonly body: string;
}

/** What {@link Stage.ask} sends. */
export interface Question {
  readonly method?: string;
  readonly headers?: Record<string, string | readonly string[]>;
  readonly body?: string | Buffer | Readable;
  /** Instead of the one that belongs to the task. */
  readonly host?: string;
  readonly cookie?: string;
  readonly port?: number;
}

export interface StageOptions {
  readonly isDirect?: boolean;
  readonly mode?: GatewayOptions['mode'];
  readonly limits?: Partial<GatewayLimits>;
  readonly trustedProxies?: readonly string[];
  readonly secret?: Uint8Array;
}

/** A server on loopback that knows its connections, so that it can be closed at once. */
export class TestServer implements AsyncDisposable {
  readonly server: Server;
  readonly sockets = new Set<Socket>();

  constructor(server: Server) {
    this.server = server;
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  static async listen(listener?: RequestListener, server = createServer(listener)): Promise<TestServer> {
    const test = new TestServer(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return test;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (this.server.listening) await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A platform with a gateway, tasks and visitors, on real sockets. */
export class Stage implements AsyncDisposable {
  readonly tasks = new TestDirectory();
  readonly guard = new TestGuard();
  readonly clock = new TestClock();
  readonly dialer = new TestDialer();
  readonly platform: TestServer;
  readonly gateway: Gateway;
  readonly #isDirect: boolean;
  readonly #backends: TestServer[] = [];

  private constructor(platform: TestServer, options: StageOptions) {
    this.platform = platform;
    this.#isDirect = options.isDirect ?? true;
    const port = platform.port;
    this.gateway = new Gateway({
      mode: options.mode ?? { kind: 'subdomain', domain: 'tasks.localhost', scheme: 'http', port: () => port },
      tasks: this.tasks,
      sessions: this.guard,
      taskPage: (key) => `http://localhost:${port}/tasks/${key}`,
      secret: options.secret ?? Buffer.alloc(32, 7),
      trustedProxies: options.trustedProxies ?? [],
      log: silent,
      limits: options.limits ?? {},
      clock: this.clock,
    });
    share(platform.server, this.gateway, (_req, res) => res.end('platform'));
  }

  static async open(options: StageOptions = {}): Promise<Stage> {
    const platform = await TestServer.listen();
    try {
      return new Stage(platform, options);
    } catch (error) {
      await platform[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** A running task whose interface is `listener`. */
  async task(listener: RequestListener | Server, facts: Partial<GatewayTask> = {}): Promise<GatewayTask> {
    const backend = await TestServer.listen(
      undefined,
      typeof listener === 'function' ? createServer(listener) : listener,
    );
    this.#backends.push(backend);
    return this.tasks.add(facts, () => this.way(backend.port));
  }

  way(port: number): ReturnType<TestDirectory['reach']> {
    const address = { host: '127.0.0.1', port };
    return Promise.resolve(this.#isDirect ? directly(address) : { address, via: this.dialer });
  }

  backend(index = 0): TestServer {
    const backend = this.#backends[index];
    if (backend === undefined) throw new Error('no such backend');
    return backend;
  }

  host(task: GatewayTask): string {
    return `${task.key}.tasks.localhost:${this.platform.port}`;
  }

  /** Goes in by a ticket; returns the cookie as a browser would send it. */
  async enter(task: GatewayTask, session = 'alice'): Promise<string> {
    this.guard.allow(session, task);
    const url = new URL(await this.gateway.issueTicket({ task: task.key, user: 'u', session }));
    const answer = await this.ask(task, url.pathname + url.search, { host: url.host, port: Number(url.port) });
    return (answer.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
  }

  /** Sends a request to a task's origin; resolves with the head of the answer. */
  open(task: GatewayTask, path: string, question: Question = {}): Promise<IncomingMessage> {
    const { method = 'GET', body, cookie } = question;
    const headers = {
      host: question.host ?? this.host(task),
      ...(cookie === undefined ? {} : { cookie }),
      ...question.headers,
    };
    return new Promise((resolve, reject) => {
      const out = request({
        host: '127.0.0.1',
        port: question.port ?? this.platform.port,
        method,
        path,
        headers,
        agent: false,
      });
      out.on('response', resolve).on('error', reject);
      if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) out.end(body);
      else body.pipe(out);
    });
  }

  async ask(task: GatewayTask, path: string, question: Question = {}): Promise<Answer> {
    const message = await this.open(task, path, question);
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    return { status: message.statusCode ?? 0, headers: message.headers, raw: message.rawHeaders, body };
  }

  /** Opens a WebSocket as a page of the task's origin would. */
  webSocket(
    task: GatewayTask,
    path: string,
    cookie: string,
    options: object = {},
    protocols: string[] = [],
  ): WebSocket {
    const headers = { host: this.host(task), origin: `http://${this.host(task)}`, cookie };
    const socket = new WebSocket(`ws://127.0.0.1:${this.platform.port}${path}`, protocols, { headers, ...options });
    socket.on('error', () => undefined);
    return socket;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway[Symbol.asyncDispose]();
    await Promise.all([this.platform, ...this.#backends].map((server) => server[Symbol.asyncDispose]()));
  }
}

/** Resolves once `isTrue`; fails after a while. */
export async function until(isTrue: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 5000;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    // After the timer's own turn, so that it no longer counts as something open.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
