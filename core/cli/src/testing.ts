import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

/** A `stele` command as a process of its own. */
export class Command implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly stderr: Promise<string>;
  readonly #lines: string[] = [];
  readonly #first: Promise<string | undefined>;

  constructor(...words: readonly string[]) {
    const { STELE_SECRET_KEY: _, ...env } = process.env;
    this.child = spawn(process.execPath, ['--conditions=source', main, ...words], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.stderr = text(this.child.stderr!);
    const lines = createInterface({ input: this.child.stdout! });
    lines.on('line', (line) => this.#lines.push(line));
    this.#first = Promise.race([
      once(lines, 'line').then(([line]) => String(line)),
      once(lines, 'close').then(() => undefined),
    ]);
  }

  /** First line on standard output; `undefined` when it ended without one. */
  get firstLine(): Promise<string | undefined> {
    return this.#first;
  }

  /** Everything on standard output so far. */
  get stdout(): string {
    return this.#lines.join('\n');
  }

  /** Its exit code; `null` when a signal ended it. */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'close');
    return this.child.exitCode;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** Runs a command to its end. */
export async function run(
  ...words: readonly string[]
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  await using command = new Command(...words);
  const [code, stderr] = await Promise.all([command.ended(), command.stderr]);
  return { code, stdout: command.stdout, stderr };
}

/** Processes whose command line mentions `path`, such as a database on it. */
export function processesWith(path: string): string[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandLine(pid).includes(path));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}
