import type { Readable } from 'node:stream';
import { finished } from 'node:stream';
import { type ExecResult, type RunOptions, SteleError } from '@stele/sdk';
import { aborted } from '../errors.ts';
import type { RemoteProcess } from './remote-process.ts';

const defaultMaxOutput = 16 * 1024 * 1024;

/** Waits for a command's end and keeps what it prints. */
export async function collect(
  process: RemoteProcess,
  program: string,
  options: RunOptions,
  signal: AbortSignal,
): Promise<ExecResult> {
  const limit = options.maxOutput ?? defaultMaxOutput;
  const stdout = new Kept(process.stdout, limit, process);
  const stderr = new Kept(process.stderr, limit, process);
  process.stdin.end(options.stdin ?? '');
  try {
    const exitCode = await process.exited;
    await process.ended();
    await Promise.all([stdout.closed, stderr.closed]);
    if (signal.aborted) throw aborted(signal);
    for (const output of [stdout, stderr]) {
      if (output.isOverfull) throw tooMuchOutput(program, limit, output.text());
    }
    return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
  } catch (error) {
    throw signal.aborted ? aborted(signal) : error;
  }
}

class Kept {
  isOverfull = false;
  readonly closed: Promise<void>;
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(stream: Readable, limit: number, process: RemoteProcess) {
    this.closed = new Promise((resolve) => finished(stream, { writable: false }, () => resolve()));
    stream.on('data', (chunk: Buffer) => {
      this.#size += chunk.length;
      this.isOverfull = this.#size > limit;
      if (!this.isOverfull) this.#chunks.push(chunk);
      else process.kill();
    });
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}

function tooMuchOutput(program: string, limit: number, raw: string): SteleError {
  return new SteleError('PROTOCOL', `“${program}” printed more than ${limit} bytes and was ended.`, { raw });
}
