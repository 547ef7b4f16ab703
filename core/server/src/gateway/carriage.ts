import { type Agent, type ClientRequest, type IncomingMessage, type ServerResponse, request } from 'node:http';
import type { Jar } from './cookies.ts';
import { headersFromTask } from './headers.ts';
import type { Upstream } from './upstream.ts';

/** One request on its way to a task. */
export interface Errand {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly upstream: Upstream;
  /** What the task gets, as a flat list. */
  readonly headers: string[];
  readonly jar: Jar;
  /** The client waits for the task's word before it sends its body. */
  readonly awaitsContinue: boolean;
  /** Called instead of an answer. */
  onFailure(error: NodeJS.ErrnoException): void;
}

/** Whether a request has a body, by its framing. */
export function hasBody(req: IncomingMessage): boolean {
  if (req.headers['transfer-encoding'] !== undefined) return true;
  const length = req.headers['content-length'];
  return length !== undefined && length !== '0';
}

/** Whether a flat list of headers says how long the body is. */
export function hasLength(headers: readonly string[]): boolean {
  for (let i = 0; i < headers.length; i += 2) if (headers[i]?.toLowerCase() === 'content-length') return true;
  return false;
}

/**
 * Carries a request to a task and the answer back: streams, so that each side's pace is the other's; and tells each side
 * when the other one leaves.
 */
export class Carriage {
  readonly #errand: Errand;
  readonly #hasBody: boolean;
  #answer: IncomingMessage | undefined;
  #hasContinued = false;

  constructor(errand: Errand) {
    this.#errand = errand;
    this.#hasBody = hasBody(errand.req);
  }

  start(): void {
    this.#send(this.#errand.upstream.shared);
  }

  /** Over a connection that is nobody else's, and was never used before. */
  startAnew(): void {
    this.#send(this.#errand.upstream.single);
  }

  #send(agent: Agent): void {
    const { req, res, headers } = this.#errand;
    const out = request({ agent, method: req.method, path: req.url, headers, setHost: false });
    res.on('close', () => {
      if (!res.writableFinished) out.destroy();
    });
    out.on('response', (answer) => this.#relay(answer, out));
    out.on('error', (error: NodeJS.ErrnoException) => this.#fail(error, out));
    out.on('upgrade', (_answer, socket) => {
      socket.destroy();
      this.#fail(unasked(), out);
    });
    if (this.#errand.awaitsContinue) out.on('continue', () => this.#continue());
    if (this.#hasBody) req.pipe(out);
    else out.end();
  }

  #continue(): void {
    // Once: a task that says it again and again would fill our memory with it.
    if (this.#hasContinued) return;
    this.#hasContinued = true;
    this.#errand.res.writeContinue();
  }

  #relay(answer: IncomingMessage, out: ClientRequest): void {
    const { res, awaitsContinue } = this.#errand;
    this.#answer = answer;
    // A body that was never asked for doesn't come, or comes where the next request should be.
    if (awaitsContinue && !this.#hasContinued) res.shouldKeepAlive = false;
    const headers = headersFromTask(answer.rawHeaders, this.#errand.jar);
    try {
      res.writeHead(answer.statusCode ?? 0, answer.statusMessage, headers);
    } catch (error) {
      out.destroy();
      return this.#errand.onFailure(error as Error);
    }
    // Node keeps the head until the body begins, which may be long after: an event stream, a long poll.
    if (!hasLength(headers)) res.flushHeaders();
    answer.on('close', () => {
      if (!answer.complete) res.destroy();
    });
    answer.pipe(res);
  }

  #fail(error: NodeJS.ErrnoException, out: ClientRequest): void {
    const { req, res, onFailure } = this.#errand;
    if (res.destroyed) return;
    // The task answered without reading all: the rest is read and dropped, or the client would wait for ever.
    if (this.#hasBody) req.unpipe(out).resume();
    if (this.#answer !== undefined) return void (this.#answer.complete || res.destroy());
    onFailure(error);
  }
}

/** Node would close the connection without a word. */
function unasked(): NodeJS.ErrnoException {
  return Object.assign(new Error('the task switched protocols, which nobody had asked for'), { code: 'ERR_UNASKED' });
}
