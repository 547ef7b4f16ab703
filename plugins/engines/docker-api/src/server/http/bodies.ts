import { SteleError } from '@stele/sdk';

/** A thousand containers take two megabytes. */
const longest = 64 * 1024 ** 2;

/** A whole body as text. PROTOCOL when it never seems to end. */
export async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > longest) throw new SteleError('PROTOCOL', 'The engine’s answer is longer than 64 MiB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Reads JSON. PROTOCOL when it isn't; what was said stays out of the error, since it may tell a container's environment. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new SteleError(
      'PROTOCOL',
      `The engine’s answer is not JSON but ${text.length} characters of something else.`,
    );
  }
}

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
