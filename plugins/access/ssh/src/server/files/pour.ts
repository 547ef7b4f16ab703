import { giveBack } from '@stele/sdk';
import type { Handle, SftpSession } from '../sftp/session.ts';

/**
 * Bytes that are under way before the server has confirmed them: less than the window of OpenSSH (2 MiB), behind which the rest would only wait,
 * and then leave in torn packets.
 */
const underway = 1536 * 1024;

/** Writes a stream, many pieces at a time. All of them are answered when it returns or throws. */
export async function pour(
  session: SftpSession,
  handle: Handle,
  content: AsyncIterable<Uint8Array>,
  offset: number,
): Promise<void> {
  const writes = new Underway(underway);
  let position = offset;
  try {
    for await (const chunk of content) {
      for (const piece of evenly(chunk, session.writeLength)) {
        writes.add(written(session, handle, position, piece), piece.length);
        position += piece.length;
        if (writes.isFull) await writes.room();
      }
    }
  } finally {
    await writes.done();
  }
  writes.check();
}

/** What is lent goes back: what the server has answered to, nobody has to send any more. */
async function written(session: SftpSession, handle: Handle, position: number, piece: Uint8Array): Promise<void> {
  await session.write(handle, position, piece);
  giveBack(piece);
}

/** What has been sent and not been answered. */
class Underway {
  readonly #most: number;
  #bytes = 0;
  #failure: { readonly error: unknown } | undefined;
  #wake: (() => void) | undefined;

  /** @param most bytes until it is full */
  constructor(most: number) {
    this.#most = most;
  }

  get isFull(): boolean {
    return this.#bytes >= this.#most || this.#failure !== undefined;
  }

  add(work: Promise<void>, bytes: number): void {
    this.#bytes += bytes;
    const settle = () => {
      this.#bytes -= bytes;
      if (!this.isFull || this.#bytes === 0) this.#wake?.();
    };
    work.then(settle, (error: unknown) => {
      this.#failure ??= { error };
      settle();
      this.#wake?.();
    });
  }

  /** Waits until there is room. @throws what went wrong */
  async room(): Promise<void> {
    while (this.isFull) {
      this.check();
      await this.#change();
    }
  }

  /** Waits until all is answered, whatever the answers are. */
  async done(): Promise<void> {
    while (this.#bytes > 0) await this.#change();
  }

  check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }
}

/** Cuts bytes into as few pieces as there may be, all alike: a last one of some bytes would cost as much as a large one. */
export function evenly(bytes: Uint8Array, most: number): Uint8Array[] {
  const count = Math.ceil(bytes.length / most);
  const length = Math.ceil(bytes.length / count);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * length, (index + 1) * length));
}
