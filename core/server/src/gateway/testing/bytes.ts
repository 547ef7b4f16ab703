import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';

const block = Buffer.alloc(65_536, 'stele gateway ');

/** A stream of `count` blocks of 64 KiB, each different from the last. */
export function blocks(count: number): Readable {
  let sent = 0;
  return new Readable({
    read() {
      if (sent === count) return void this.push(null);
      const next = Buffer.from(block);
      next.writeUInt32BE(sent, 0);
      sent += 1;
      this.push(next);
    },
  });
}

/** Length and SHA-256 of all that comes. */
export async function digest(stream: AsyncIterable<unknown>): Promise<string> {
  const hash = createHash('sha256');
  let length = 0;
  for await (const chunk of stream) {
    hash.update(chunk as Buffer);
    length += (chunk as Buffer).length;
  }
  return `${length} ${hash.digest('hex')}`;
}
