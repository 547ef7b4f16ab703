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
    this.#at += 8;
    return Number(this.#bytes.readBigUInt64BE(this.#at - 8));
  }

  bytes(): Buffer {
    const length = this.u32();
    if (this.#at + length > this.#bytes.length) throw new RangeError('a packet of SFTP ends too early');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
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
      this.bytes();
      this.bytes();
    }
  }
}

/** Cuts a stream of bytes into packets. */
export class Framer {
  #chunks: Buffer[] = [];
  #size = 0;
  #wanted = 4;

  /** @param take gets each packet without its length */
  feed(chunk: Buffer, take: (body: Buffer) => void): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    while (this.#size >= this.#wanted) {
      const all = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks, this.#size);
      const length = all.readUInt32BE(0);
      this.#chunks = [all];
      this.#wanted = 4 + length;
      if (all.length < this.#wanted) return;
      take(all.subarray(4, this.#wanted));
      const rest = all.subarray(this.#wanted);
      this.#chunks = rest.length === 0 ? [] : [rest];
      this.#size = rest.length;
      this.#wanted = 4;
    }
  }
}
