import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants, homedir } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { ExecOptions, Process } from '@stele/sdk';
import { aborted, check, errnoOf, invalid, noProgram, programDenied, spawnFailed } from '../errors.ts';
import { commandEnvironment } from './environment.ts';
import { endGroup } from './process-group.ts';

/** A child in a process group of its own, so that what it started is ended with it. */
export class LocalProcess implements Process {
  readonly exited: Promise<number>;
  /** Resolves when its outputs are closed too: later than its end where a daemon that it started holds them. */
  readonly closed: Promise<void>;
  readonly #child: ChildProcessWithoutNullStreams;
  #ending: Promise<void> | undefined;

  static async start(argv: readonly string[], options: ExecOptions, signal: AbortSignal): Promise<LocalProcess> {
    check(signal);
    const child = begin(argv, options);
    await spawned(child, argv[0] ?? '', options);
    const process = new LocalProcess(child, signal);
    if (!signal.aborted) return process;
    process.kill();
    throw aborted(signal);
  }

  private constructor(child: ChildProcessWithoutNullStreams, signal: AbortSignal) {
    this.#child = child;
    // Who writes to a command that has ended learns it from the write's callback; without a listener it would be fatal.
    child.stdin.on('error', () => undefined);
    const kill = () => this.kill();
    signal.addEventListener('abort', kill, { once: true });
    this.closed = new Promise((resolve) => child.once('close', () => resolve()));
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, name) => {
        signal.removeEventListener('abort', kill);
        resolve(code ?? 128 + constants.signals[name ?? 'SIGKILL']);
      });
    });
  }

  get stdin(): Writable {
    return this.#child.stdin;
  }

  get stdout(): Readable {
    return this.#child.stdout;
  }

  get stderr(): Readable {
    return this.#child.stderr;
  }

  kill(): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    this.#ending ??= endGroup(pid);
  }

  /** Ends it and lets go of its streams, whoever else holds them. */
  async release(): Promise<void> {
    this.kill();
    await this.exited;
    for (const stream of [this.stdin, this.stdout, this.stderr]) stream.destroy();
  }

  /** Resolves when {@link kill} has ended the whole group; at once where nobody asked. */
  async ended(): Promise<void> {
    await this.#ending;
  }
}

function begin(argv: readonly string[], options: ExecOptions): ChildProcessWithoutNullStreams {
  const [program, ...args] = argv;
  if (program === undefined || program === '') throw invalid('argv', 'A command needs a program.');
  if (argv.some((argument) => argument.includes('\0'))) throw invalid('argv', 'A command can’t hold a NUL character.');
  const environment = commandEnvironment(process.env);
  try {
    return spawn(program, args, { cwd: options.cwd ?? homedir(), env: environment, detached: true, stdio: 'pipe' });
  } catch (error) {
    throw spawnFailed(program, error);
  }
}

function spawned(child: ChildProcessWithoutNullStreams, program: string, options: ExecOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(startError(error, program, options)));
    child.once('spawn', resolve);
  });
}

/** The system says ENOENT both for a missing program and for a missing working directory. */
function startError(error: Error, program: string, options: ExecOptions): Error {
  const errno = errnoOf(error);
  if (options.cwd !== undefined && errno === 'ENOENT' && !existsSync(options.cwd)) {
    return invalid('cwd', `There is no folder “${options.cwd}” to run “${program}” in.`, error);
  }
  if (errno === 'ENOENT' || errno === 'ENOTDIR') return noProgram(program, error);
  if (errno === 'EACCES' || errno === 'EPERM') return programDenied(program, error);
  return spawnFailed(program, error);
}
