import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecOptions, ExecResult, RunOptions } from '@stele/sdk';
import { aborted, tooMuchOutput } from '../errors.ts';
import type { LocalProcess } from './local-process.ts';

export type Start = (argv: readonly string[], options: ExecOptions, signal: AbortSignal) => Promise<LocalProcess>;

const defaultMaxOutput = 16 * 1024 * 1024;
/** How long outputs may stay open after the command's end: a daemon it left behind may hold them for ever. */
const lingering = 1_000;

/** Runs a command to its end and keeps what it prints. */
export async function exec(
  start: Start,
  argv: readonly string[],
  options: RunOptions,
  signal: AbortSignal,
): Promise<ExecResult> {
  const process = await start(argv, options, signal);
  const limit = options.maxOutput ?? defaultMaxOutput;
  const outputs = [new Output(process.stdout, limit, process), new Output(process.stderr, limit, process)] as const;
  process.stdin.end(options.stdin ?? '');
  const exitCode = await process.exited;
  await process.ended();
  await Promise.all(outputs.map((output) => output.closed()));
  if (signal.aborted) throw aborted(signal);
  const [stdout, stderr] = outputs;
  for (const output of outputs) {
    if (output.isOverfull) throw tooMuchOutput(argv[0] ?? '', limit, output.text());
  }
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}

class Output {
  isOverfull = false;
  readonly #stream: Readable;
  readonly #chunks: Buffer[] = [];
  readonly #end: Promise<void>;
  #size = 0;

  constructor(stream: Readable, limit: number, process: LocalProcess) {
    this.#stream = stream;
    this.#end = new Promise((resolve) => stream.once('close', resolve));
    stream.on('data', (chunk: Buffer) => {
      this.#size += chunk.length;
      this.isOverfull = this.#size > limit;
      if (!this.isOverfull) this.#chunks.push(chunk);
      else process.kill();
    });
  }

  async closed(): Promise<void> {
    const giveUp = new AbortController();
    const late = sleep(lingering, undefined, { signal: giveUp.signal }).then(
      () => this.#stream.destroy(),
      () => undefined,
    );
    await this.#end;
    giveUp.abort();
    await late;
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
