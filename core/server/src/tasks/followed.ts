import { hasCode, type LogOptions } from '@stele/sdk';
import { pause } from '../pause.ts';
import { Trail } from './trail.ts';

/** What following a log needs. */
export interface Following {
  /** Reads it anew, as far as it is there or on and on. */
  read(options: LogOptions): AsyncIterable<Uint8Array>;
  /** Whether more will be printed. */
  goesOn(): Promise<boolean>;
  /** Hears what has cut it. */
  onCut(failure: unknown): void;
  readonly signal: AbortSignal;
}

/** In milliseconds. */
export interface Waits {
  /** Between one attempt and the next. */
  readonly pauses: readonly number[];
  /** Between questions whether a task has ended whose log has: the platform hears of it a little later. */
  readonly doubts: readonly number[];
}

/** In all, what a daemon takes that is started again. */
const usual: Waits = { pauses: [500, 1_000, 2_000, 4_000, 8_000], doubts: [0, 250, 500, 1_000, 2_000] };

const gap = Buffer.from('\n[The log broke off here, and its resource no longer has what came next.]\n');

/**
 * A log that is followed until its task ends. Where it is cut, because an engine's daemon was started again, a connection lost, or a
 * process killed, it is read on from where it was: nothing twice, and nothing left out without a word. Throws what cut it when it can't be
 * read for a while.
 */
export async function* followed(
  options: LogOptions,
  following: Following,
  { pauses, doubts }: Waits = usual,
): AsyncGenerator<Uint8Array> {
  const reader = new Reader(options, following);
  for (let attempt = 0; ; attempt += 1) {
    let failure: unknown;
    try {
      for await (const chunk of reader.read()) {
        attempt = 0;
        yield chunk;
      }
    } catch (error) {
      if (isFinal(error)) throw error;
      failure = error;
      if (!following.signal.aborted) following.onCut(error);
    }
    const isOver = failure === undefined && !(await goesOn(following, doubts));
    if (isOver || following.signal.aborted) return;
    const wait = pauses[attempt];
    if (wait === undefined && failure !== undefined) throw failure;
    if (wait === undefined || !(await pause(wait, following.signal))) return;
  }
}

/** Reads a log again and again, each time from where it was. */
class Reader {
  readonly #following: Following;
  /** With which it begins. */
  #options: LogOptions;
  #trail: Trail;

  constructor(options: LogOptions, following: Following) {
    this.#following = following;
    this.#options = options;
    this.#trail = new Trail(options.tail === undefined ? 0 : undefined);
  }

  async *read(): AsyncGenerator<Uint8Array> {
    const position = this.#trail.isEmpty ? undefined : await this.#trail.endIn(this.#following.read({}));
    if (position === undefined && !this.#trail.isEmpty) {
      yield gap;
      this.#options = { follow: true, tail: 0 };
      this.#trail = new Trail();
    }
    const given = this.#following.read(position === undefined ? this.#options : { follow: true });
    for await (const chunk of position === undefined ? given : from(position, given)) {
      this.#trail.add(chunk);
      yield chunk;
    }
  }
}

async function* from(position: number, log: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = position;
  for await (const chunk of log) {
    if (chunk.length > left) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

/** What the next attempt would hear, too. */
function isFinal(error: unknown): boolean {
  return hasCode(error, 'NOT_FOUND', 'DENIED', 'INVALID', 'UNSUPPORTED');
}

async function goesOn({ goesOn: asked, signal }: Following, doubts: Waits['doubts']): Promise<boolean> {
  for (const wait of doubts) if (!(await pause(wait, signal)) || !(await asked())) return false;
  return true;
}
