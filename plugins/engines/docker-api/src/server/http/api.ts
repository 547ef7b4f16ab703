import type { IncomingMessage } from 'node:http';
import { isSteleError, SteleError } from '@stele/sdk';
import { type FailureRule, lastLine, readFailure } from '@stele/sdk/oci';
import { jsonOf, textOf } from './bodies.ts';
import { exchange } from './exchange.ts';
import type { ApiRequest } from './request.ts';
import type { Way } from './way.ts';

/** Seconds. */
export const limits = { question: 10, start: 60, remove: 60, pull: 30 * 60 } as const;

/** What a request is for, as it follows “could not”, and the seconds that it may take. */
export interface Purpose {
  readonly doing: string;
  readonly limit: number;
}

const ownFailures: readonly FailureRule[] = [
  {
    pattern: /no such network|network not found|unable to find network/i,
    code: 'NOT_FOUND',
    message: 'There is no such network.',
  },
  {
    pattern: /client version [\d.]+ is too (old|new)/i,
    code: 'UNSUPPORTED',
    message: 'It speaks no version of the API that is known here.',
  },
];

/** Speaks HTTP to one engine: sends requests in time, and translates what it answers. */
export class Api {
  readonly way: Way;
  /** For people: `Docker`, `Podman`, or what is not known yet. */
  readonly title: string;

  constructor(way: Way, title: string) {
    this.way = way;
    this.title = title;
  }

  /** The answer, whatever its status; its body is the caller's, who has to read or destroy it. */
  async send(request: ApiRequest, signal: AbortSignal): Promise<IncomingMessage> {
    try {
      const stream = await this.way.connect(signal);
      return await exchange(stream, request, signal);
    } catch (error) {
      throw this.explained(error, signal);
    }
  }

  /** As {@link Api.send}, with a limit for the head alone: the body may take as long as `signal` lets it. */
  async open(request: ApiRequest, { limit }: Purpose, signal: AbortSignal): Promise<IncomingMessage> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), limit * 1000);
    try {
      return await this.send(request, AbortSignal.any([signal, late.signal]));
    } catch (error) {
      throw late.signal.aborted && !signal.aborted ? this.#late(limit, error) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The body of a good answer. Throws what another one means. */
  async ask(request: ApiRequest, purpose: Purpose, signal: AbortSignal): Promise<string> {
    const { status, text } = await this.answer(request, purpose, signal);
    if (isGood(status)) return text;
    throw this.failure(status, text, purpose.doing);
  }

  /** {@link Api.ask}, read as JSON. */
  async json(request: ApiRequest, purpose: Purpose, signal: AbortSignal): Promise<unknown> {
    return jsonOf(await this.ask(request, purpose, signal));
  }

  /** Status and whole body. */
  answer(
    request: ApiRequest,
    { limit }: Purpose,
    signal: AbortSignal,
  ): Promise<{ readonly status: number; readonly text: string }> {
    return this.inTime(limit, signal, async (until) => {
      const answer = await this.send(request, until);
      return { status: answer.statusCode ?? 0, text: await this.read(() => textOf(answer), until) };
    });
  }

  /** Runs `work`, which reads a body, and translates what breaks. */
  async read<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.explained(error, signal);
    }
  }

  /** What an answer that isn't good means. */
  failure(status: number, text: string, doing: string): SteleError {
    const words = wordsOf(text);
    const what = `${this.title} on ${this.way.name} could not ${doing}`;
    const known = readFailure(words, what, ownFailures);
    return known ?? new SteleError(codeOf(status), `${what} (${status}): ${lastLine(words.trim())}`, { raw: words });
  }

  /** Runs `work` with a deadline; tells a deadline of ours from a caller who left. */
  async inTime<T>(seconds: number, signal: AbortSignal, work: (until: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = AbortSignal.timeout(seconds * 1000);
    try {
      return await work(AbortSignal.any([signal, deadline]));
    } catch (error) {
      throw deadline.aborted && !signal.aborted ? this.#late(seconds, error) : error;
    }
  }

  #late(seconds: number, cause: unknown): SteleError {
    const message = `${this.title} on ${this.way.name} did not answer within ${seconds} s.`;
    return new SteleError('UNREACHABLE', message, { cause });
  }

  /** What broke, in words; or that the caller has left. */
  explained(error: unknown, signal: AbortSignal): SteleError {
    if (isSteleError(error)) return error;
    if (!signal.aborted) return this.way.explain(error);
    return new SteleError('UNREACHABLE', 'The call was ended before the engine had answered.', { cause: error });
  }
}

export function isGood(status: number): boolean {
  // 304: it is as it was asked to be already.
  return (status >= 200 && status < 300) || status === 304;
}

/** Both say what is wrong as `message`. */
function wordsOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? message : text;
  } catch {
    // A proxy in between answers with a page of its own.
    return text;
  }
}

function codeOf(status: number): 'DENIED' | 'CONFLICT' | 'LIMIT' | 'UNREACHABLE' | 'PROTOCOL' {
  if (status === 401 || status === 403) return 'DENIED';
  if (status === 409) return 'CONFLICT';
  if (status === 429) return 'LIMIT';
  return status === 502 || status === 503 || status === 504 ? 'UNREACHABLE' : 'PROTOCOL';
}
