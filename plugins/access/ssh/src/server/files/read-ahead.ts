import { type ByteRange, SteleError } from '@stele/sdk';
import type { Handle, SftpSession } from '../sftp/session.ts';
import { sizeOf } from '../sftp/wire.ts';
import { fileError } from './errors.ts';

/** Bytes that are asked for ahead: what a connection of 1 GB/s needs at 4 ms. */
const ahead = 4 * 1024 * 1024;

/** A file's bytes in order. */
export async function* bytesOf(
  session: SftpSession,
  handle: Handle,
  called: string,
): AsyncGenerator<Buffer, void, undefined> {
  const source = new ReadAhead(session, handle, undefined);
  try {
    for (;;) {
      const pieces = await source.next();
      if (pieces.length === 0) return;
      yield* pieces;
    }
  } catch (error) {
    throw fileError(error, called);
  }
}

/** Asks for a file's bytes ahead: few at first, twice as many with each answer. */
export class ReadAhead {
  readonly #session: SftpSession;
  readonly #handle: Handle;
  readonly #end: number;
  readonly #asked: Promise<readonly Buffer[]>[] = [];
  #offset: number;
  #depth = 2;

  constructor(session: SftpSession, handle: Handle, range: ByteRange | undefined) {
    this.#session = session;
    this.#handle = handle;
    this.#offset = range?.start ?? 0;
    this.#end = range?.end === undefined ? Infinity : range.end + 1;
  }

  /** The next bytes; none at the end. */
  async next(): Promise<readonly Buffer[]> {
    const size = this.#session.readLength;
    while (this.#asked.length < this.#depth && this.#offset < this.#end) {
      const length = Math.min(size, this.#end - this.#offset);
      this.#asked.push(quiet(readFully(this.#session, this.#handle, this.#offset, length)));
      this.#offset += length;
    }
    const pieces = (await this.#asked.shift()) ?? [];
    this.#depth = Math.min(Math.ceil(ahead / size), this.#depth * 2);
    return pieces;
  }
}

/** A server may give less than it was asked for; nothing means the end. One that gives more is not to be trusted with an offset. */
async function readFully(
  session: SftpSession,
  handle: Handle,
  offset: number,
  length: number,
): Promise<readonly Buffer[]> {
  const pieces = [...(await session.read(handle, offset, length))];
  for (let size = sizeOf(pieces); size > 0 && size < length;) {
    const more = await session.read(handle, offset + size, length - size);
    if (more.length === 0) break;
    pieces.push(...more);
    size += sizeOf(more);
  }
  if (sizeOf(pieces) > length)
    throw new SteleError('PROTOCOL', 'The SFTP server gives more bytes than it was asked for.');
  return pieces;
}

/** What was asked for ahead may fail when nobody waits for it any more. */
export function quiet<T>(work: Promise<T>): Promise<T> {
  void Promise.allSettled([work]);
  return work;
}
