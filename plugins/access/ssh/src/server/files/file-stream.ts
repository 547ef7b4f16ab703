import { Readable } from 'node:stream';
import { type ByteRange, worthLending } from '@stele/sdk';
import { aborted } from '../errors.ts';
import type { Handle } from '../sftp/session.ts';
import type { SftpUse } from '../sftp/sftp.ts';
import { fileError } from './errors.ts';
import { ReadAhead } from './read-ahead.ts';

/** A stream of a file's bytes. It owns handle and session. */
export class FileStream extends Readable {
  readonly #source: ReadAhead;
  readonly #called: string;
  readonly #close: () => Promise<void>;
  readonly #pieces: Buffer[] = [];

  constructor(use: SftpUse, handle: Handle, range: ByteRange | undefined, called: string, signal: AbortSignal) {
    // One large piece waits here, the others in the source: two would be put together in new memory for who asks for all that is there.
    super({ highWaterMark: worthLending });
    this.#source = new ReadAhead(use.session, handle, range);
    this.#called = called;
    const onAbort = () => this.destroy(aborted(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    this.#close = async () => {
      signal.removeEventListener('abort', onAbort);
      await Promise.allSettled([use.session.closeHandle(handle)]);
      use.release();
    };
    if (signal.aborted) onAbort();
  }

  override _read(): void {
    void this.#give();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    void this.#close();
    done(error);
  }

  /** One piece: more are asked for when it is taken. */
  async #give(): Promise<void> {
    try {
      if (this.#pieces.length === 0) this.#pieces.push(...(await this.#source.next()));
      // Never in the same go: what is read just now would be put together with it.
      else await Promise.resolve();
      if (!this.destroyed) this.push(this.#pieces.shift() ?? null);
    } catch (error) {
      this.destroy(fileError(error, this.#called) as Error);
    }
  }
}
