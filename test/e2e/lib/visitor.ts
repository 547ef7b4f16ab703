import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, type ClientRequest, type IncomingMessage, request, type RequestOptions } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { WebSocket } from 'ws';

export interface TaskRequest extends Pick<RequestOptions, 'method' | 'signal'> {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/**
 * A visitor of a task's origin. Speaks to the loopback address and names the origin in `Host`, since names below
 * `localhost` are resolved by browsers and not by every system.
 */
export class TaskVisitor implements Disposable {
  readonly origin: URL;
  readonly #cookie: string;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(origin: URL, cookie: string) {
    this.origin = origin;
    this.#cookie = cookie;
  }

  /** Turns a ticket into a cookie. */
  static async enter(ticket: string): Promise<TaskVisitor> {
    const url = new URL(ticket);
    const nobody = new TaskVisitor(url, '');
    const answer = await nobody.request(`${url.pathname}${url.search}`);
    answer.resume();
    nobody[Symbol.dispose]();
    assert(answer.statusCode === 302 || answer.statusCode === 303 || answer.statusCode === 200, `${answer.statusCode}`);
    const cookies = (answer.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';')[0]);
    assert(cookies.length > 0, 'a ticket gives a cookie');
    return new TaskVisitor(url, cookies.join('; '));
  }

  /** As a stranger sees the same origin. */
  stranger(): TaskVisitor {
    return new TaskVisitor(this.origin, '');
  }

  get cookie(): string {
    return this.#cookie;
  }

  get host(): string {
    return this.origin.host;
  }

  async request(path: string, { method = 'GET', headers, body, signal }: TaskRequest = {}): Promise<IncomingMessage> {
    const sent = request({
      host: '127.0.0.1',
      port: this.origin.port,
      agent: this.#agent,
      method,
      path,
      headers: { Host: this.host, ...(this.#cookie === '' ? {} : { Cookie: this.#cookie }), ...headers },
      ...(signal === undefined ? {} : { signal }),
    });
    const [[answer]] = await Promise.all([once(sent, 'response') as Promise<[IncomingMessage]>, send(sent, body)]);
    return answer;
  }

  async text(path: string, options: TaskRequest = {}): Promise<string> {
    return text(await this.request(path, options));
  }

  async json<T>(path: string, options: TaskRequest = {}): Promise<T> {
    return JSON.parse(await this.text(path, options)) as T;
  }

  async bytes(path: string, options: TaskRequest = {}): Promise<Buffer> {
    return buffer(await this.request(path, options));
  }

  /** An open WebSocket of the task. */
  async socket(path: string, protocols: string[] = [], headers: Record<string, string> = {}): Promise<WebSocket> {
    const socket = new WebSocket(`ws://127.0.0.1:${this.origin.port}${path}`, protocols, {
      headers: { Host: this.host, Origin: this.origin.origin, Cookie: this.#cookie, ...headers },
    });
    await once(socket, 'open');
    return socket;
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

/** Sends a body at the pace at which it is taken. */
async function send(sent: ClientRequest, body: TaskRequest['body']): Promise<void> {
  if (body === undefined || typeof body === 'string' || !(Symbol.asyncIterator in body)) {
    sent.end(body);
    return;
  }
  for await (const chunk of body) if (!sent.write(chunk)) await once(sent, 'drain');
  sent.end();
}
