import { SteleError } from '@stele/sdk';

/** SPDY 3.1, as far as a port-forward needs it: two streams on a connection of their own, no windows. */
export const protocol = 'SPDY/3.1';

/** Streams of a port-forward. A client's have odd numbers. */
export const [errorStream, dataStream] = [1, 3];

/** Types of control frames. */
export const [synStream, rstStream, ping] = [1, 3, 6];
const version = 3;
const last = 1;

/** Longest payload that we send. */
const longest = 256 * 1024;
/** Longest control frame that is read; the node's are some hundred bytes. */
const longestControl = 64 * 1024;

/** Opens both streams: an error stream on which we say nothing, and one with data. Pure. */
export function openStreams(port: number): Buffer {
  const about = { port: String(port), requestid: '0' };
  const first = block({ streamtype: 'error', ...about });
  const second = block({ streamtype: 'data', ...about });
  // One compressed text goes through all frames; it may consist of parts that aren't compressed.
  return Buffer.concat([
    opened(errorStream, last, Buffer.concat([Buffer.from([0x78, 0x01]), flushed(first)])),
    opened(dataStream, 0, flushed(second)),
  ]);
}

function opened(stream: number, flags: number, headers: Buffer): Buffer {
  const head = Buffer.alloc(18);
  head.writeUInt32BE(0x80000000 + (version << 16) + synStream, 0);
  head.writeUInt32BE((flags << 24) | (headers.length + 10), 4);
  head.writeUInt32BE(stream, 8);
  return Buffer.concat([head, headers]);
}

/** Names and values, each after its length. */
function block(headers: Readonly<Record<string, string>>): Buffer {
  const entries = Object.entries(headers);
  return Buffer.concat([
    number(entries.length),
    ...entries.flat().flatMap((text) => [number(text.length), Buffer.from(text)]),
  ]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Blocks of DEFLATE that are stored as they are: the content, and an empty one, at which what came before is passed on. */
function flushed(content: Buffer): Buffer {
  return Buffer.concat([stored(content), stored(Buffer.alloc(0))]);
}

function stored(content: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt16LE(content.length, 1);
  head.writeUInt16LE(content.length ^ 0xffff, 3);
  return Buffer.concat([head, content]);
}

/** Data as frames: heads and pieces of the chunks themselves, in turn. Pure. */
export function dataFrames(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  return chunks.flatMap((chunk) => {
    const parts = Array.from({ length: Math.ceil(chunk.length / longest) }, (_, at) =>
      chunk.subarray(at * longest, (at + 1) * longest),
    );
    return parts.flatMap((part) => [dataHead(part.length, 0), part]);
  });
}

/** Says that no more data comes. Pure. */
export function endFrame(): Buffer {
  return dataHead(0, last);
}

function dataHead(length: number, flags: number): Buffer {
  const head = Buffer.allocUnsafe(8);
  head.writeUInt32BE(dataStream, 0);
  head.writeUInt32BE(length, 4);
  head[4] = flags;
  return head;
}

/** What is read of frames. */
export interface FrameSink {
  /** Data, which is these bytes from one place to another: a slice for each piece would cost more than reading it. */
  data(stream: number, bytes: Buffer, from: number, to: number): void;
  end(stream: number): void;
  /** A control frame, whole. */
  control(type: number, frame: Buffer): void;
}

const nothing = Buffer.alloc(0);

/** Reads frames, however they are cut. Data is passed on as it comes. */
export class FrameReader {
  readonly #sink: FrameSink;
  #rest: Buffer = nothing;
  #stream = 0;
  /** Bytes of the current data frame that are still to come. */
  #missing = 0;
  #isLast = false;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /**
   * Takes the first `length` bytes of a chunk, and keeps nothing of its memory.
   * @throws PROTOCOL for what is no frame
   */
  feed(chunk: Buffer, length = chunk.length): void {
    const isWhole = this.#rest.length === 0;
    const bytes = isWhole ? chunk : Buffer.concat([this.#rest, chunk.subarray(0, length)]);
    const end = isWhole ? length : bytes.length;
    let at = 0;
    for (let taken = -1; taken !== 0; at += taken) {
      taken = this.#missing > 0 ? this.#takeData(bytes, at, end) : this.#takeHead(bytes, at, end);
    }
    this.#rest = at === end ? nothing : Buffer.from(bytes.subarray(at, end));
  }

  /** Bytes taken. */
  #takeData(bytes: Buffer, at: number, end: number): number {
    const length = Math.min(this.#missing, end - at);
    if (length === 0) return 0;
    this.#missing -= length;
    this.#sink.data(this.#stream, bytes, at, at + length);
    if (this.#missing === 0 && this.#isLast) this.#sink.end(this.#stream);
    return length;
  }

  #takeHead(bytes: Buffer, at: number, end: number): number {
    if (end - at < 8) return 0;
    const first = bytes.readUInt32BE(at);
    const second = bytes.readUInt32BE(at + 4);
    const length = second & 0xffffff;
    if (first >= 0x80000000) return this.#takeControl(bytes.subarray(at, end), first & 0xffff, length);
    this.#stream = first;
    this.#missing = length;
    this.#isLast = ((second >>> 24) & last) !== 0;
    if (length === 0 && this.#isLast) this.#sink.end(first);
    return 8;
  }

  #takeControl(rest: Buffer, type: number, length: number): number {
    if (length > longestControl) throw new SteleError('PROTOCOL', 'The cluster’s API doesn’t speak SPDY as it should.');
    if (rest.length < 8 + length) return 0;
    this.#sink.control(type, rest.subarray(0, 8 + length));
    return 8 + length;
  }
}
