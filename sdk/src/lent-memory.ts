import { SpareMemory } from './spare-memory.ts';

/** Bytes that {@link borrow} gives. */
export const lendingSize = 131_072;

/** Fewer bytes than these aren't worth it: a copy in Node's own pool is cheaper. */
export const worthLending = 16_384;

const spare = new SpareMemory();
/** Memory that is out, and how much of it is used. */
const lent = new WeakMap<ArrayBufferLike, number>();

/**
 * Memory for what comes from tasks and stores. New memory for each read costs half of the processor time of a large download, most
 * of it for collecting it: whoever has passed on a chunk, or written it, gives it back instead, and the next chunk is put there. What is
 * never given back is collected as ever.
 */
export function borrow(): Buffer {
  return spare.take() ?? Buffer.allocUnsafeSlow(lendingSize);
}

/** The first bytes of borrowed memory as a chunk for one reader. Nobody writes to the memory from here on. */
export function lend(memory: Buffer, length: number): Buffer {
  const chunk = memory.subarray(0, length);
  if (length < worthLending) {
    spare.keep(memory);
    return Buffer.from(chunk);
  }
  lent.set(memory.buffer, length);
  return chunk;
}

/**
 * Takes back the memory of `chunk`, which no one uses any more: a chunk that wasn't lent is left alone. Only when it is all that was lent:
 * of a chunk in parts, as chunked coding makes them, another part may still be waiting somewhere.
 */
export function giveBack(chunk: Buffer): void {
  const isWhole = chunk.byteOffset === 0 && lent.get(chunk.buffer) === chunk.length;
  if (!isWhole) return;
  lent.delete(chunk.buffer);
  spare.keep(Buffer.from(chunk.buffer));
}
