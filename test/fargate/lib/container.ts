import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('container-main.ts', import.meta.url));

/** What a container is made with. */
export interface ContainerParts {
  readonly env: Readonly<Record<string, string>>;
  readonly address: string;
  readonly enter: readonly string[];
  readonly print: (line: string) => void;
}

/** A process in a container’s place: it has its own address, prints, listens, and hears signals. */
export class Container {
  readonly #child: ChildProcess;
  readonly exited: Promise<number>;
  #timer?: NodeJS.Timeout;

  constructor({ env, address, enter, print }: ContainerParts) {
    const words = [...enter, process.execPath, program];
    this.#child = spawn(words[0] ?? '', words.slice(1), {
      env: { ...env, ADDRESS: address },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const { stdout } = this.#child;
    const read = new Promise<void>((resolve) => {
      if (stdout === null) return resolve();
      createInterface({ input: stdout }).on('line', print).once('close', resolve);
    });
    const ended = new Promise<number>((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGKILL' ? 137 : 143)));
    });
    this.exited = Promise.all([ended, read]).then(([code]) => {
      clearTimeout(this.#timer);
      return code;
    });
  }

  /** As `docker stop` does. */
  stop(grace: number): void {
    this.#child.kill('SIGTERM');
    this.#timer ??= setTimeout(() => this.kill(), grace);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
