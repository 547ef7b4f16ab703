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

/** Methods that may be sent twice (RFC 9110 §9.2.2). */
const idempotent = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);
const stale = new Set(['ECONNRESET', 'EPIPE']);

/** Whether a request has a body, by its framing. */
export function hasBody(req: IncomingMessage): boolean {
  if (req.headers['transfer-encoding'] !== undefined) return true;
  const length = req.headers['content-length'];
  return length !== undefined && length !== '0';
}

/**
 * Carries a request to a task and the answer back: streams, so that each side's pace is the other's; and tells each side
 * when the other one leaves.
 */
export class Carriage {
  readonly #errand: Errand;
  readonly #hasBody: boolean;
  #out: ClientRequest | undefined;
  #answer: IncomingMessage | undefined;
  #hasContinued = false;

  constructor(errand: Errand) {
    this.#errand = errand;
    this.#hasBody = hasBody(errand.req);
  }

  start(): void {
    const { res, upstream } = this.#errand;
    res.on('close', () => {
      if (!res.writableFinished) this.#out?.destroy();
    });
    this.#send(upstream.shared);
  }

  #send(agent: Agent): void {
    const { req, headers } = this.#errand;
    const out = request({ agent, method: req.method, path: req.url, headers, setHost: false });
    this.#out = out;
    out.on('response', (answer) => this.#relay(answer, out));
    out.on('error', (error: NodeJS.ErrnoException) => this.#fail(error, out));
    if (this.#errand.awaitsContinue) out.on('continue', () => this.#continue());
    if (this.#hasBody) req.pipe(out);
    else out.end();
  }

  #continue(): void {
    this.#hasContinued = true;
    this.#errand.res.writeContinue();
  }

  #relay(answer: IncomingMessage, out: ClientRequest): void {
    const { res, awaitsContinue } = this.#errand;
    this.#answer = answer;
    // A body that was never asked for doesn't come, or comes where the next request should be.
    if (awaitsContinue && !this.#hasContinued) res.shouldKeepAlive = false;
    try {
      res.writeHead(answer.statusCode ?? 0, answer.statusMessage, headersFromTask(answer.rawHeaders, this.#errand.jar));
    } catch (error) {
      out.destroy();
      return this.#errand.onFailure(error as Error);
    }
    // Node keeps the head until the body begins, which may be long after: an event stream, a long poll.
    if (answer.headers['content-length'] === undefined) res.flushHeaders();
    answer.on('close', () => {
      if (!answer.complete) res.destroy();
    });
    answer.pipe(res);
  }

  #fail(error: NodeJS.ErrnoException, out: ClientRequest): void {
    const { req, res, upstream, onFailure } = this.#errand;
    if (res.destroyed) return;
    // The task answered without reading all: the rest is read and dropped, or the client would wait for ever.
    if (this.#hasBody) req.unpipe(out).resume();
    if (this.#answer !== undefined) return void (this.#answer.complete || res.destroy());
    if (this.#mayRepeat(error, out)) return this.#send(upstream.single);
    onFailure(error);
  }

  /** A kept connection that the task closed just as it was used again: nothing was answered, so nothing is lost. */
  #mayRepeat(error: NodeJS.ErrnoException, out: ClientRequest): boolean {
    const { req } = this.#errand;
    return out.reusedSocket && !this.#hasBody && idempotent.has(req.method ?? '') && stale.has(error.code ?? '');
  }
}
