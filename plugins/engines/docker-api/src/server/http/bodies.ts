import { SteleError } from '@stele/sdk';
import { bodyReader } from '@stele/sdk/http';

/** A thousand containers take two megabytes. An answer may tell a container's environment. */
export const { textOf, jsonOf } = bodyReader({ whose: 'engine', longest: 64 });

const headLength = 8;

/**
 * Takes the frames off a log: a head of eight bytes, of which the last four say how many follow. Standard output and error come
 * as one, in the order of the frames. A frame is passed on as it comes, however long it is.
 */
export async function* unframed(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Buffer = Buffer.alloc(0);
  let missing = 0;
  for await (const chunk of body) {
    let rest = head.length === 0 ? bytesOf(chunk) : Buffer.concat([head, chunk]);
    while (missing > 0 ? rest.length > 0 : rest.length >= headLength) {
      if (missing > 0) yield rest.subarray(0, missing);
      const taken = missing > 0 ? Math.min(missing, rest.length) : headLength;
      missing = missing > 0 ? missing - taken : frameLength(rest);
      rest = rest.subarray(taken);
    }
    head = rest;
  }
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function frameLength(bytes: Buffer): number {
  const isHead = (bytes[0] ?? 9) <= 2 && bytes[1] === 0 && bytes[2] === 0 && bytes[3] === 0;
  if (!isHead) throw new SteleError('PROTOCOL', 'The engine’s log has no frames.');
  return bytes.readUInt32BE(4);
}
