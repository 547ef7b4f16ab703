import { addAbortSignal, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { ByteRange } from '@stele/sdk';
import { Ahead, type Room, type Span } from './ahead.ts';
import type { BucketRequests, Content } from './bucket.ts';
import { badAnswer, badRange, noSuchPath, notAFile } from './errors.ts';
import { failureOf, unfinished } from './failures.ts';
import { isFolder } from './folder.ts';
import type { At } from './keys.ts';

const mebibyte = 1024 ** 2;
/** Bytes of one request for a large object. */
const partSize = 8 * mebibyte;
/** Bytes that come by one request, if it is known that there are no more. */
const wholeSize = 2 * partSize;

/** An object’s bytes. Those of a large one are fetched ahead of who takes them quickly, and of nobody else. */
export async function read(
  bucket: BucketRequests,
  at: At,
  range: ByteRange | undefined,
  room: Room,
  signal: AbortSignal,
): Promise<Readable> {
  const { start, end = Infinity } = checked(range);
  const first = end - start < wholeSize ? end : start + partSize - 1;
  const content = await bucket.get(at.key, { Range: headerOf({ start, end: first }) }, signal);
  if (content === 'nothing') return Readable.from([]);
  if (content === undefined) throw (await isFolder(bucket, at, signal)) ? notAFile(at.path) : noSuchPath(at.path);
  const { body, isRange, total = 0 } = content;
  if (isRange ? total === 0 : start > 0 || end < Infinity) {
    body.destroy();
    throw badAnswer(at.path);
  }
  const rest = { start: first + 1, end: Math.min(end, total - 1) };
  if (rest.start > rest.end) return addAbortSignal(signal, body);
  return new Parts(bucket, at, content, rest, room, signal).stream();
}

/** What follows the first part of an object: of the same version, or an error. */
class Parts {
  readonly #bucket: BucketRequests;
  readonly #key: string;
  readonly #first: Content;
  readonly #ahead: Ahead<readonly Uint8Array[]>;
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;

  constructor(bucket: BucketRequests, at: At, first: Content, rest: Span, room: Room, signal: AbortSignal) {
    this.#bucket = bucket;
    this.#key = at.key;
    this.#first = first;
    this.#ahead = new Ahead(spansOf(rest, partSize), (span) => this.#fetch(span), room);
    this.#signal = signal;
  }

  /** Owns everything. */
  stream(): Readable {
    const bytes = this.#bytes();
    const stream = new Readable({
      highWaterMark: 1,
      read: () => {
        bytes.next().then(
          ({ done, value }) => stream.push(done === true ? null : value),
          (error: unknown) => stream.destroy(failureOf(error, this.#bucket.place)),
        );
      },
      destroy: (error, done) => {
        this.#over.abort();
        this.#first.body.destroy();
        this.#ahead[Symbol.dispose]();
        done(error);
      },
    });
    return addAbortSignal(this.#signal, stream);
  }

  async *#bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    yield* this.#first.body as AsyncIterable<Uint8Array>;
    for (let part = await this.#ahead.next(); part !== undefined; part = await this.#ahead.next()) {
      yield* part;
    }
  }

  async #fetch(span: Span): Promise<readonly Uint8Array[]> {
    const which = { Range: headerOf(span), IfMatch: this.#first.tag };
    const content = await this.#bucket.get(this.#key, which, this.#over.signal);
    if (content === undefined || content === 'nothing') throw unfinished();
    return whole(content.body, span.end - span.start + 1);
  }
}

/** As many bytes as there are to be. By its events: each turn of a loop costs more, where the pieces are small. */
async function whole(body: Readable, length: number): Promise<readonly Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  body.on('data', (chunk: Uint8Array) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > length) body.destroy(unfinished());
  });
  await finished(body);
  if (size < length) throw unfinished();
  return chunks;
}

/** Spans of `size` bytes that make up another. Pure. */
export function* spansOf({ start, end }: Span, size: number): Generator<Span, void, undefined> {
  for (let next = start; next <= end; next += size) yield { start: next, end: Math.min(end, next + size - 1) };
}

/** @throws INVALID (field `range`) */
export function checked(range: ByteRange = { start: 0 }): ByteRange {
  const { start, end } = range;
  const isRight = Number.isInteger(start) && start >= 0;
  if (!isRight || (end !== undefined && (!Number.isInteger(end) || end < start))) throw badRange();
  return range;
}

const headerOf = ({ start, end }: Span): string => `bytes=${start}-${end}`;
