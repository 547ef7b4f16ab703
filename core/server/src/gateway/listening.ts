import { createHash } from 'node:crypto';
import type { ListenOptions, Server } from 'node:net';

/** Ports of a range, both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/** All ports, beginning at one that is the task's own choice: after a restart it most likely gets the same again. */
export function* candidates(key: string, { from, to }: PortRange): Generator<number> {
  const count = to - from + 1;
  const start = createHash('sha256').update(key).digest().readUInt32BE(0);
  for (let i = 0; i < count; i += 1) yield from + ((start + i) % count);
}

/** Listens; `false` when another program has the port, or may alone have it. */
export function tryListen(server: Server, where: ListenOptions): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    };
    server.once('error', onError);
    server.listen(where, () => {
      server.off('error', onError);
      resolve(true);
    });
  });
}
