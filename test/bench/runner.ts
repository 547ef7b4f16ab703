import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A program to run. */
export interface Order {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts programs from a process of its own. A process that starts one shares its memory with it for a moment, and pays for each page that it
 * writes to afterwards: beside what is measured in the benchmark's own process, that would be our side's time.
 */
export class Runner implements Disposable {
  readonly #child = fork(new URL('servers/runner.ts', import.meta.url), { execArgv: [] });

  /** Until it has ended. Throws with its words when it failed. */
  async run(order: Order): Promise<void> {
    const answer = once(this.#child, 'message');
    this.#child.send(order);
    const [{ failure }] = (await answer) as [{ failure?: string }];
    if (failure !== undefined) throw new Error(failure);
  }

  [Symbol.dispose](): void {
    this.#child.disconnect();
  }
}
