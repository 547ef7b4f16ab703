import { Readable } from 'node:stream';
import type { ByteRange } from '@stele/sdk';
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
  #isReading = false;
  #isAskedAgain = false;

  constructor(use: SftpUse, handle: Handle, range: ByteRange | undefined, called: string, signal: AbortSignal) {
    super({ highWaterMark: 256 * 1024 });
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
    if (this.#isReading) this.#isAskedAgain = true;
    else void this.#fill();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    void this.#close();
    done(error);
  }

  /** Until it has enough. */
  async #fill(): Promise<void> {
    this.#isReading = true;
    try {
      for (let isFull = false; !isFull;) {
        this.#isAskedAgain = false;
        const pieces = await this.#source.next();
        if (this.destroyed) return;
        if (pieces.length === 0) this.push(null);
        for (const piece of pieces) isFull = !this.push(piece);
        if (this.#isAskedAgain) isFull = false;
        if (pieces.length === 0) return;
      }
    } catch (error) {
      this.destroy(fileError(error, this.#called) as Error);
    } finally {
      this.#isReading = false;
    }
  }
}
