import { SpareMemory } from './spare-memory.ts';

/** Bytes that {@link borrow} gives. */
export const lendingSize = 131_072;

/** Fewer bytes than these aren't worth it: a copy in Node's own pool is cheaper. */
export const worthLending = 16_384;

const spare = new SpareMemory();

/** What is out of one piece of memory. */
interface Loan {
  readonly length: number;
  missing: number;
  /** Beginning and end of each part that is back. */
  readonly back: [number, number][];
}

const lent = new WeakMap<ArrayBufferLike, Loan>();

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
  lent.set(memory.buffer, { length, missing: length, back: [] });
  return chunk;
}

/**
 * Takes back the memory of `chunk`, which no one uses any more: all that was lent, or a part of it. It is used again when all parts are back.
 * A chunk that wasn't lent is left alone, and so is a part that is back already.
 */
export function giveBack(chunk: Uint8Array): void {
  const loan = lent.get(chunk.buffer);
  if (loan === undefined) return;
  const [start, end] = [chunk.byteOffset, chunk.byteOffset + chunk.length];
  if (end > loan.length || loan.back.some(([from, to]) => start < to && from < end)) return;
  loan.back.push([start, end]);
  loan.missing -= chunk.length;
  if (loan.missing > 0) return;
  lent.delete(chunk.buffer);
  spare.keep(Buffer.from(chunk.buffer));
}
