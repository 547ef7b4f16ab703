import { createReadStream } from 'node:fs';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode, type LogOptions, SteleError } from '@stele/sdk';

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** What tasks printed, kept by the platform after their end. Bounded: of a longer log the last part is kept. */
export class LogArchive {
  readonly #folder: string;
  readonly #limit: number;

  /** @param limit bytes kept of one log */
  constructor(folder: string, limit = 8 * 1024 * 1024) {
    this.#folder = folder;
    this.#limit = limit;
  }

  /** Stores a log, whole or not at all. */
  async store(key: string, log: AsyncIterable<Uint8Array>): Promise<void> {
    const kept = await lastBytes(log, this.#limit);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const draft = `${this.#path(key)}.part`;
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(kept);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, this.#path(key));
  }

  /** Whether the log of a task is stored. */
  async has(key: string): Promise<boolean> {
    try {
      await access(this.#path(key));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  /** The log of a task. NOT_FOUND when none was stored. */
  async *read(key: string, options: LogOptions): AsyncIterable<Uint8Array> {
    try {
      if (options.tail === undefined) yield* createReadStream(this.#path(key)) as AsyncIterable<Uint8Array>;
      else yield lastLines(await lastBytes(createReadStream(this.#path(key)), this.#limit), options.tail);
    } catch (cause) {
      if (!isMissing(cause)) throw cause;
      throw new SteleError('NOT_FOUND', 'Nothing is kept of what this task printed.', { cause });
    }
  }

  /**
   * Log of an ended task that was not stored a moment ago: what the resource gives. From the moment of storing on, the
   * resource is cleaned up, under whoever reads there: then what they read doesn't count.
   */
  async *readEnded(key: string, options: LogOptions, given: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    const [read] = await Promise.allSettled([lastBytes(given, this.#limit)]);
    if (await this.has(key)) yield* this.read(key, options);
    else if (read.status === 'fulfilled') yield read.value;
    else throw read.reason;
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  #path(key: string): string {
    return join(this.#folder, `${key}.log`);
  }
}

/** Whether there is just no log, as opposed to a log that can't be read now. */
export function isNoLog(error: unknown): boolean {
  return hasCode(error, 'NOT_FOUND');
}

async function lastBytes(log: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of log) {
    chunks.push(chunk);
    size += chunk.length;
    while (chunks[0] !== undefined && size - chunks[0].length >= limit) size -= (chunks.shift() as Uint8Array).length;
  }
  const whole = Buffer.concat(chunks);
  return whole.subarray(Math.max(0, whole.length - limit));
}

/** The last `count` lines. Pure. */
export function lastLines(bytes: Uint8Array, count: number): Uint8Array {
  const newline = 10;
  if (count === 0) return bytes.subarray(bytes.length);
  let at = bytes.at(-1) === newline ? bytes.length - 1 : bytes.length;
  for (let left = count; left > 0 && at >= 0; left--) at = at === 0 ? -1 : bytes.lastIndexOf(newline, at - 1);
  return bytes.subarray(at + 1);
}
