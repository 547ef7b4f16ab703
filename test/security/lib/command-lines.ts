import { readdirSync, readFileSync } from 'node:fs';

/** Looks at every process's command line and environment-free arguments, again and again. */
export class CommandLines implements Disposable {
  readonly #lines = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  private constructor(period: number) {
    this.#timer = setInterval(() => this.#look(), period);
  }

  static sample(period = 15): CommandLines {
    return new CommandLines(period);
  }

  #look(): void {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      try {
        this.#lines.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
      } catch (error) {
        // It has ended meanwhile.
        if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
    }
  }

  get all(): readonly string[] {
    return [...this.#lines];
  }

  get count(): number {
    return this.#lines.size;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
