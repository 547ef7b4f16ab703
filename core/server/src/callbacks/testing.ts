import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { CallbackService } from '@stele/sdk';
import type Koa from 'koa';
import { apiRouter, callbackRoutes, createApp } from '../http/index.ts';
import type { Database } from '../model/index.ts';
import { testLog } from '../model/testing.ts';
import { testBox } from '../tasks/testing.ts';
import { StoredCallbacks } from './callbacks.ts';
import type { CallLimit } from './rates.ts';

/** What a test says of the platform that is called. */
export interface CalledOptions {
  readonly database: Database;
  /** Where it listens, and what it calls itself. */
  readonly host?: string;
  readonly limit?: CallLimit;
  /** Whose a call is taken to be; by the connection where it isn't said. */
  readonly address?: () => string | undefined;
}

/** A platform that does nothing but take calls. */
export class CalledPlatform implements AsyncDisposable {
  readonly service: CallbackService;
  /** Resources that somebody was to look at. */
  readonly looked: string[] = [];
  readonly #server: Server;
  #origin = '';
  #port = 0;
  readonly #host: string;

  private constructor(options: CalledOptions) {
    this.#host = options.host ?? '127.0.0.1';
    const callbacks = new StoredCallbacks({ ...options, secrets: testBox, origin: () => this.#origin });
    this.service = callbacks.of('test');
    const routes = callbackRoutes({
      callbacks,
      ...(options.limit === undefined ? {} : { limit: options.limit }),
      addressOf: (koa) => options.address?.() ?? koa.req.socket.remoteAddress ?? '',
      look: (computing) => void this.looked.push(computing),
    });
    const router = apiRouter(
      routes,
      async () => undefined,
      () => this.#origin,
    );
    const site = () => ({ origin: this.#origin, hosts: [`${this.#host}:${this.#port}`] });
    this.#server = createServer(createApp(site, testLog, [router.routes() as Koa.Middleware]).callback());
  }

  static async open(options: CalledOptions): Promise<CalledPlatform> {
    const platform = new CalledPlatform(options);
    await platform.back();
    return platform;
  }

  /** Listens again, where it did before. */
  async back(): Promise<void> {
    this.#server.listen(this.#port, this.#host);
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    this.#origin = `http://${this.#host}:${this.#port}`;
  }

  /** Nobody listens any more. */
  async away(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.away();
  }
}

/** A call as an agent makes it. */
export function callText(head: Readonly<Record<string, string | number>>, text = ''): string {
  return `${Object.entries(head)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')}\n${text}`;
}
