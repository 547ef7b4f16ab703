import type { OnReadOpts, Socket } from 'node:net';

/**
 * Memory for what arrives from tasks. Node allocates 64 KiB for each read; on a large download collecting those takes a
 * third of the CPU time. Here all sockets read into one place, whose content is copied at once into a buffer of its
 * own, and large buffers are used again when the browser's side has taken them.
 */
const readSize = 131_072;
const landing = Buffer.allocUnsafeSlow(readSize);

/** Smaller ones come from Node's own pool, cheaply. */
const worthKeeping = 16_384;
const mostKept = 32;

const spare: Buffer[] = [];
/** Buffers that are out, and how much of each is used. */
const lent = new WeakMap<ArrayBufferLike, number>();

/** How a socket reads: as every socket, but for where the memory comes from. */
export function reading(socket: () => Socket): OnReadOpts {
  return { buffer: landing, callback: (length, bytes) => socket().push(keep(length, bytes)) };
}

function keep(length: number, bytes: Uint8Array): Buffer {
  if (length < worthKeeping) return Buffer.from(bytes.subarray(0, length));
  const buffer = spare.pop() ?? Buffer.allocUnsafeSlow(readSize);
  buffer.set(bytes.subarray(0, length));
  lent.set(buffer.buffer, length);
  return buffer.subarray(0, length);
}

/**
 * Takes back the memory of `chunk`, which no one uses any more. Only when it is all that was lent: of a buffer in parts,
 * as chunked coding makes them, another part may still be waiting somewhere.
 */
export function giveBack(chunk: Buffer): void {
  const whole = chunk.byteOffset === 0 && lent.get(chunk.buffer) === chunk.length;
  if (!whole) return;
  lent.delete(chunk.buffer);
  if (spare.length < mostKept) spare.push(Buffer.from(chunk.buffer));
}
