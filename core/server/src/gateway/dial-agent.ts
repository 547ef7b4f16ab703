import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';

/** Opens one connection to a task. */
export type Dial = (signal: AbortSignal) => Promise<Duplex>;

type Connected = (error: Error | null, stream?: Duplex) => void;

/**
 * Carries requests over streams that a dialer opens. One stream a request: a stream that a far host closes while it
 * idles in a pool makes the next request fail, and opening another costs about a millisecond.
 */
export class DialAgent extends Agent {
  readonly #dial: Dial;
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  readonly #closing = new AbortController();
  #open = 0;

  constructor(dial: Dial, most: number) {
    super({ keepAlive: false });
    this.#dial = dial;
    this.#most = most;
  }

  // Node's own `maxSockets` does not count what is opened asynchronously (seen with 24.21), so this agent counts.
  override createConnection(_options: object, done: Connected): undefined {
    void this.#connect(done);
    return undefined;
  }

  override destroy(): void {
    this.#closing.abort();
    super.destroy();
  }

  async #connect(done: Connected): Promise<void> {
    if (this.#open >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#open += 1;
    try {
      const stream = await this.#dial(this.#closing.signal);
      stream.once('close', () => this.#leave());
      done(null, stream);
    } catch (error) {
      this.#leave();
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** The place of one that leaves goes to the first that waits. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#open -= 1;
    else next();
  }
}
