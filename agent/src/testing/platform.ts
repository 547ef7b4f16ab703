import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { Identity } from './authority.ts';

/** One call as it came. */
export interface Call {
  readonly head: Readonly<Record<string, string>>;
  readonly status: Readonly<Record<string, string>>;
  readonly log: string;
}

/** What is answered: a status, or nothing at all. */
type Answer = number | 'lost' | 'accepted, and lost' | 'judged';

/** Takes an agent's calls as the platform does, and can be away. */
export class FakePlatform implements AsyncDisposable {
  readonly accepted: Call[] = [];
  /** Everything that came, accepted or not. */
  readonly came: Call[] = [];
  /** What is answered before the calls are judged; its own judgement where there is none. */
  readonly answers: Answer[] = [];
  readonly #parcel: string;
  readonly #server: Server;
  readonly #scheme: string;
  #secret: string | undefined;
  #port = 0;

  private constructor(parcel: string, identity: Identity | undefined) {
    const answer = (request: IncomingMessage, response: ServerResponse) => void this.#answer(request, response);
    this.#parcel = parcel;
    this.#scheme = identity === undefined ? 'http' : 'https';
    this.#server = identity === undefined ? createServer(answer) : createSecureServer(identity, answer);
  }

  /** @param identity what it shows, by TLS */
  static async open(parcel: string, identity?: Identity): Promise<FakePlatform> {
    const platform = new FakePlatform(parcel, identity);
    await platform.back();
    return platform;
  }

  /** The folder's file `callback`. */
  callback(more = ''): string {
    return `url=${this.#scheme}://127.0.0.1:${this.#port}/api/v1/callbacks/x\nticket=the-ticket\n${more}`;
  }

  /** Nobody listens any more. */
  async away(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async back(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.listening) await this.away();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const call = callIn(Buffer.concat(chunks).toString());
    this.came.push(call);
    const wish = this.answers.shift();
    if (wish === 'lost') return void response.destroy();
    const status = typeof wish === 'number' ? wish : this.#judge(call);
    if (wish === 'accepted, and lost') return void response.destroy();
    response.writeHead(status).end(status === 200 ? this.#parcel : undefined);
  }

  #judge(call: Call): number {
    const { step, secret, ticket } = call.head;
    if (step === '0') {
      if (ticket !== 'the-ticket' || (this.#secret ??= secret) !== secret) return 403;
      return 200;
    }
    if (secret !== this.#secret) return 403;
    if (Number(step) !== this.accepted.length + 1) return 409;
    this.accepted.push(call);
    return 204;
  }
}

function callIn(text: string): Call {
  const [head = '', status = '', ...log] = text.split('\n\n');
  return { head: valuesIn(head), status: valuesIn(status), log: log.join('\n\n') };
}

function valuesIn(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries([...text.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
}
