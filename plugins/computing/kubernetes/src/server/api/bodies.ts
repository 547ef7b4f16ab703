import { SteleError } from '@stele/sdk';

/** Ten thousand pods take some 40 MB. */
const longest = 128 * 1024 ** 2;

/** A whole body as text. PROTOCOL when it never seems to end. */
export async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > longest) throw new SteleError('PROTOCOL', 'The cluster’s answer is longer than 128 MiB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Reads JSON. PROTOCOL when it isn't; what was said stays out of the error, since it may hold secrets. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const message = `The cluster’s answer is not JSON but ${text.length} characters of something else.`;
    throw new SteleError('PROTOCOL', message);
  }
}

/** An object grows to 1.5 MB at most in etcd. */
const longestLine = 16 * 1024 ** 2;

/** A body line by line, without empty ones. What comes after the last line break is no line: the body was cut there. */
export async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const line = Buffer.concat([...parts, rest.subarray(0, end)]).toString();
      [parts, length, rest] = [[], 0, rest.subarray(end + 1)];
      if (line !== '') yield line;
    }
    if (rest.length > 0) parts.push(rest);
    length += rest.length;
    if (length > longestLine) throw new SteleError('PROTOCOL', 'The cluster sent a line of more than 16 MiB.');
  }
}
