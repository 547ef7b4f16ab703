import { giveBack } from '@stele/sdk';

/** Packet types of the SSH file transfer protocol, version 3 (draft-ietf-secsh-filexfer-02). */
export const packet = {
  init: 1,
  version: 2,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  realpath: 16,
  stat: 17,
  rename: 18,
  readlink: 19,
  symlink: 20,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attributes: 105,
  extended: 200,
  extendedReply: 201,
} as const;

/** How a file is opened. */
export const openFlags = { read: 1, write: 2, create: 8, exclusive: 32 } as const;

const hasSize = 1;
const hasOwner = 2;
const hasMode = 4;
const hasTimes = 8;
const hasMore = 0x80000000;

/** What the protocol tells of a file. */
export interface Attributes {
  readonly size: number;
  /** `st_mode`: kind and permission bits. */
  readonly mode: number;
  /** Seconds since 1970. */
  readonly modified: number;
}

/** Fields of a packet, written one after the other. Strings are bytes: names of files need not be UTF-8. */
export type Field =
  | { readonly u32: number }
  | { readonly u64: number }
  | { readonly bytes: Uint8Array | string }
  | { readonly attributes: { readonly size?: number; readonly mode?: number } };

/** A whole packet. @param id absent in the first one alone */
export function encode(type: number, id: number, fields: readonly Field[]): Buffer {
  const parts = fields.map(encodeField);
  const head = Buffer.alloc(9);
  head.writeUInt32BE(5 + parts.reduce((sum, part) => sum + part.length, 0), 0);
  head[4] = type;
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, ...parts]);
}

/** The beginning of a WRITE, whose bytes follow as they are: copying them costs a third of the speed. */
export function encodeWrite(id: number, handle: Buffer, offset: number, length: number): Buffer {
  const head = encode(packet.write, id, [{ bytes: handle }, { u64: offset }, { u32: length }]);
  head.writeUInt32BE(head.length - 4 + length, 0);
  return head;
}

function encodeField(field: Field): Buffer {
  if ('u32' in field) return u32(field.u32);
  if ('u64' in field) return u64(field.u64);
  if ('bytes' in field) {
    const bytes = Buffer.from(field.bytes as Uint8Array);
    return Buffer.concat([u32(bytes.length), bytes]);
  }
  const { size, mode } = field.attributes;
  const flags = (size === undefined ? 0 : hasSize) | (mode === undefined ? 0 : hasMode);
  return Buffer.concat([
    u32(flags),
    ...(size === undefined ? [] : [u64(size)]),
    ...(mode === undefined ? [] : [u32(mode)]),
  ]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** Reads the fields of a packet. Throws a RangeError where it ends too early. */
export class Fields {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  u32(): number {
    this.#at += 4;
    return this.#bytes.readUInt32BE(this.#at - 4);
  }

  u64(): number {
    return this.u32() * 0x1_0000_0000 + this.u32();
  }

  bytes(): Buffer {
    const length = this.skip();
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Passes over bytes that nobody needs. @returns how many */
  skip(): number {
    const length = this.u32();
    if (this.#at + length > this.#bytes.length) throw new RangeError('a packet of SFTP ends too early');
    this.#at += length;
    return length;
  }

  attributes(): Attributes {
    const flags = this.u32();
    const size = (flags & hasSize) === 0 ? 0 : this.u64();
    if ((flags & hasOwner) !== 0) this.#at += 8;
    const mode = (flags & hasMode) === 0 ? 0 : this.u32();
    const modified = (flags & hasTimes) === 0 ? 0 : (this.u32(), this.u32());
    if ((flags & hasMore) !== 0) this.#skipPairs();
    return { size, mode, modified };
  }

  #skipPairs(): void {
    for (let left = this.u32(); left > 0; left -= 1) {
      this.skip();
      this.skip();
    }
  }
}

/** No server has reason to send longer packets; one that does so would have us hold them. */
const longest = 1024 * 1024;

/**
 * Cuts a stream of bytes into packets, whose bytes stay where they are: copying a download costs a fifth of its speed. That memory may be lent, and
 * is whose the bytes are.
 */
export class Framer {
  #pieces: Buffer[] = [];
  #length = 0;
  /** Bytes of the length that have come. */
  #known = 0;
  #missing = 0;

  /**
   * @param take gets the pieces of each packet, without its length
   * @throws RangeError for a packet that is too long
   */
  feed(chunk: Buffer, take: (body: readonly Buffer[]) => void): void {
    for (let at = 0; at < chunk.length;) {
      at = this.#known < 4 ? this.#measure(chunk, at) : this.#collect(chunk, at);
      if (this.#known < 4 || this.#missing > 0) continue;
      const body = this.#pieces;
      this.#pieces = [];
      this.#known = 0;
      this.#length = 0;
      take(body);
    }
  }

  #measure(chunk: Buffer, from: number): number {
    let at = from;
    for (; this.#known < 4 && at < chunk.length; at += 1, this.#known += 1)
      this.#length = this.#length * 256 + (chunk[at] as number);
    if (this.#length > longest) throw new RangeError(`a packet of SFTP has ${this.#length} bytes`);
    this.#missing = this.#length;
    giveBack(chunk.subarray(from, at));
    return at;
  }

  #collect(chunk: Buffer, from: number): number {
    const end = Math.min(chunk.length, from + this.#missing);
    this.#pieces.push(chunk.subarray(from, end));
    this.#missing -= end - from;
    return end;
  }
}

/** Type, number and length in front of the bytes of a DATA. */
const dataHead = 9;

/** A packet in memory of its own, in one place; of a DATA the beginning alone, for its bytes follow as they came. */
export function headed(body: readonly Buffer[]): readonly [Buffer, ...Buffer[]] {
  const [first = Buffer.alloc(0), ...rest] = body;
  if (first[0] === packet.data && first.length >= dataHead) return [first, ...rest];
  const whole = Buffer.concat(body);
  for (const piece of body) giveBack(piece);
  return [whole];
}

/** The bytes of a DATA. @throws RangeError when they are not as many as it says */
export function dataOf([head, ...rest]: readonly [Buffer, ...Buffer[]]): readonly Buffer[] {
  const pieces = [head.subarray(dataHead), ...rest].filter((piece) => piece.length > 0);
  if (head.length < dataHead || sizeOf(pieces) !== head.readUInt32BE(dataHead - 4))
    throw new RangeError('a packet of SFTP has not the length that it says');
  giveBack(head.subarray(0, dataHead));
  return pieces;
}

export function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
