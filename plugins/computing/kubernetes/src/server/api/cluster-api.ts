import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, isSteleError, SteleError } from '@stele/sdk';
import { jsonOf, textOf } from './bodies.ts';
import { exchange } from './exchange.ts';
import { failureOf, statusOf } from './failures.ts';
import type { ApiRequest } from './request.ts';
import type { Way } from './way.ts';

/** Milliseconds that the head of an answer may take. A loaded API server takes seconds. */
const patience = 30_000;
/** Milliseconds between tries where the API server asks to come back, or is being restarted. */
const pauses = [250, 1_000, 3_000];

/** Speaks HTTP to the API of one cluster, whichever way leads there, and translates what it answers. */
export class ClusterApi {
  readonly way: Way;

  constructor(way: Way) {
    this.way = way;
  }

  /** The answer to a question, read as JSON. Asked again where the server is too busy or away for a moment. */
  async get(request: Omit<ApiRequest, 'method'>, signal: AbortSignal): Promise<unknown> {
    return this.#persistently(() => this.send({ ...request, method: 'GET' }, signal), signal);
  }

  /**
   * Sends a request whose repetition is harmless, because a name is taken only once and what is gone stays gone. After a try of which
   * nobody knows what came of it, it is repeated.
   */
  async change(request: ApiRequest, signal: AbortSignal): Promise<unknown> {
    return this.#persistently(() => this.send(request, signal), signal);
  }

  /** The body of a good answer, as JSON. */
  async send(request: ApiRequest, signal: AbortSignal): Promise<unknown> {
    const until = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
    const answer = await this.#answer(request, until, signal);
    return jsonOf(await this.#translated(() => textOf(answer), signal));
  }

  /** The body of a good answer as it comes; as long as `signal` lets it. It is the caller's, who has to read or destroy it. */
  async open(request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), patience);
    try {
      return await this.#answer(request, AbortSignal.any([signal, late.signal]), signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What broke, in words; or that the caller has left. */
  explained(error: unknown, signal: AbortSignal): SteleError {
    if (isSteleError(error)) return error;
    if (signal.aborted) {
      return new SteleError('UNREACHABLE', 'The call was ended before the cluster had answered.', { cause: error });
    }
    if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')) {
      const message = `${this.way.name} did not answer within ${patience / 1000} s.`;
      return new SteleError('UNREACHABLE', message, { cause: error });
    }
    return this.way.explain(error);
  }

  async #answer(request: ApiRequest, until: AbortSignal, signal: AbortSignal): Promise<IncomingMessage> {
    const answer = await this.#translated(() => exchange(this.way, request, until), signal);
    const code = answer.statusCode ?? 0;
    if (code >= 200 && code < 300) return answer;
    const text = await this.#translated(() => textOf(answer), signal);
    // A token that has ended meanwhile: the next one is asked for once.
    if (code === 401 && (await this.way.renew())) return this.#answer(request, until, signal);
    throw failureOf(statusOf(code, text), this.way.name);
  }

  async #translated<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.explained(error, signal);
    }
  }

  async #persistently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (const pause of pauses) {
      try {
        return await work();
      } catch (error) {
        if (!hasCode(error, 'UNREACHABLE') || signal.aborted) throw error;
        await this.#translated(() => sleep(pause * (0.75 + Math.random() / 2), undefined, { signal }), signal);
      }
    }
    return work();
  }
}
