import { giveBack } from '@stele/sdk';
import type { Dispatcher } from 'undici';
import { type Errand, Carriage, hasLength } from './carriage.ts';
import { headersFromTask } from './headers.ts';

/** Methods that may be sent twice (RFC 9110 §9.2.2). */
const repeatable = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);
const stale = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/**
 * Carries a request without a body, which most are, over a pooled connection. Does what {@link Carriage} does for two
 * thirds of the CPU time, since undici needs fewer objects for a request than Node's own client.
 */
export class QuickCarriage implements Dispatcher.DispatchHandler {
  readonly #errand: Errand;
  #controller: Dispatcher.DispatchController | undefined;
  #hasAnswer = false;

  constructor(errand: Errand) {
    this.#errand = errand;
  }

  start(pool: Dispatcher): void {
    const { req, res, headers } = this.#errand;
    res.on('close', () => {
      if (!res.writableFinished) this.#controller?.abort(left);
    });
    pool.dispatch({ path: req.url ?? '/', method: req.method as Dispatcher.HttpMethod, headers, body: null }, this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#errand.res.destroyed) controller.abort(left);
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _headers: object, text?: string): void {
    const { res, jar } = this.#errand;
    if (status < 200) return; // News on the way, such as early hints, stays on this side.
    const headers = headersFromTask(asText(controller.rawHeaders as Buffer[]), jar);
    // What HTTP doesn't allow throws here, and comes back as an error of the task's.
    res.writeHead(status, text, headers);
    this.#hasAnswer = true;
    if (!hasLength(headers)) res.flushHeaders();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { res } = this.#errand;
    if (res.write(chunk, () => giveBack(chunk)) || res.writableLength < mostWaiting) return;
    controller.pause();
    res.once('drain', () => controller.resume());
  }

  onResponseEnd(): void {
    this.#errand.res.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: NodeJS.ErrnoException): void {
    const { req, res, onFailure } = this.#errand;
    if (res.destroyed) return;
    if (this.#hasAnswer) return void res.destroy();
    // A kept connection that the task closed just as it was used again: nothing was answered, so nothing is lost.
    if (stale.has(error.code ?? '') && repeatable.has(req.method ?? '')) return new Carriage(this.#errand).startAnew();
    onFailure(error);
  }
}

/** Bytes that may wait for a slow reader. Less makes fast ones wait for each other. */
const mostWaiting = 262_144;

const left = new Error('the client has left');

function asText(raw: readonly Buffer[]): string[] {
  return raw.map((part) => part.toString('latin1'));
}
