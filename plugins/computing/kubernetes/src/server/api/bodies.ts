import { SteleError } from '@stele/sdk';
import { bodyReader } from '@stele/sdk/http';

/** Ten thousand pods take some 40 MB. */
export const { textOf, jsonOf } = bodyReader({ whose: 'cluster', longest: 128 });

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
