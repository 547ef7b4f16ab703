import type { OnReadOpts, Socket } from 'node:net';
import { borrow, lend, lendingSize, worthLending } from '@stele/sdk';

/**
 * Where what arrives from tasks is read: all sockets read into one place, whose content is copied at once into memory that is
 * used again when the browser's side has taken it. Node would allocate 64 KiB for each read.
 */
const landing = Buffer.allocUnsafeSlow(lendingSize);

/** How a socket reads: as every socket, but for where the memory comes from. */
export function reading(socket: () => Socket): OnReadOpts {
  return { buffer: landing, callback: (length, bytes) => socket().push(keep(length, bytes)) };
}

function keep(length: number, bytes: Uint8Array): Buffer {
  const arrived = bytes.subarray(0, length);
  if (length < worthLending) return Buffer.from(arrived);
  const memory = borrow();
  memory.set(arrived);
  return lend(memory, length);
}
