import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { buildQueryString } from '@smithy/core/protocols';
import { Connection } from './connection.ts';
import { type Answer, exchange } from './exchange.ts';

type Handle = NodeHttpHandler['handle'];
type Request = Parameters<Handle>[0];

/** Milliseconds for which a connection is kept that nobody uses: shorter than any store keeps one. */
const idle = 4_000;
/** Connections that are kept. */
const most = 16;

interface Kept {
  readonly connection: Connection;
  readonly timer: NodeJS.Timeout;
}

/**
 * Asks for the bytes of objects on connections of its own. Node’s HTTP gives each TLS record in new memory, and then once more, which
 * takes more of the processor than TLS itself.
 */
export class Contents implements Disposable {
  readonly #options: ConnectionOptions;
  readonly #kept = new Map<string, Kept[]>();
  /** Whether this store says how long objects are. */
  #isMeasured = true;
  #isOver = false;

  /** @param options of `tls.connect`, but for the address */
  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** As `handle`, which does what isn’t for us. */
  over(handle: Handle): Handle {
    return async (request, options) => {
      const isOurs = this.#isMeasured && request.protocol === 'https:' && request.query?.['x-id'] === 'GetObject';
      const answer = isOurs ? await this.#ask(request, options?.abortSignal as AbortSignal | undefined) : undefined;
      if (answer?.body === undefined) return handle(request, options);
      const { head, body } = answer;
      return { response: { statusCode: head.status, reason: head.reason, headers: { ...head.headers }, body } };
    };
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
    for (const { connection } of [...this.#kept.values()].flat()) connection.destroy();
    this.#kept.clear();
  }

  async #ask(request: Request, signal?: AbortSignal): Promise<Answer> {
    const { hostname, port = 443 } = request;
    const text = textOf(request);
    const name = `${hostname}:${port}`;
    const kept = this.#take(name);
    const connection = kept ?? this.#open(hostname, port);
    try {
      const answer = await exchange(connection, text, (isReusable) => this.#free(name, connection, isReusable), signal);
      // What refuses, Amazon’s among it, often doesn’t say it, and is no word on the objects.
      if (answer.body === undefined && answer.head.status < 300) this.#isMeasured = false;
      return answer;
    } catch (error) {
      // The store may have closed it while nobody looked.
      if (kept !== undefined && isReset(error)) return this.#ask(request, signal);
      throw error;
    }
  }

  #open(hostname: string, port: number): Connection {
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    // No address may be said to the server.
    const name = isIP(host) === 0 ? { servername: host } : {};
    return new Connection({ ...this.#options, ...name, host, port, ALPNProtocols: ['http/1.1'] });
  }

  #take(name: string): Connection | undefined {
    for (let kept = this.#kept.get(name)?.pop(); kept; kept = this.#kept.get(name)?.pop()) {
      clearTimeout(kept.timer);
      if (!kept.connection.isOpen) continue;
      kept.connection.hold(true);
      return kept.connection;
    }
    return undefined;
  }

  #free(name: string, connection: Connection, isReusable: boolean): void {
    const others = this.#kept.get(name) ?? [];
    if (!isReusable || !connection.isOpen || this.#isOver || others.length >= most) return connection.destroy();
    connection.hold(false);
    // Whoever read slowly may have stopped it just before the end.
    connection.resume();
    const timer = setTimeout(() => this.#drop(name, connection), idle).unref();
    this.#kept.set(name, [...others, { connection, timer }]);
  }

  #drop(name: string, connection: Connection): void {
    const others = this.#kept.get(name)?.filter((kept) => kept.connection !== connection) ?? [];
    if (others.length === 0) this.#kept.delete(name);
    else this.#kept.set(name, others);
    connection.destroy();
  }
}

function textOf({ method, path, query, headers }: Request): string {
  const search = buildQueryString(query);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const all = [`${method} ${path}${search === '' ? '' : `?${search}`} HTTP/1.1`, ...lines];
  // What isn’t in a line of its own would be another header, or another request.
  if (all.some((line) => /[\r\n\0]/.test(line))) throw new TypeError('a request can’t have line ends in it');
  return `${all.join('\r\n')}\r\n\r\n`;
}

const isReset = (error: unknown): boolean => ['ECONNRESET', 'EPIPE'].includes((error as { code?: string }).code ?? '');
