import type { ServerResponse } from 'node:http';
import { giveBack } from '@stele/sdk';

/** From now on, what is piped into `res` in memory that was lent goes back as soon as it is sent. */
export function giveBackWhenSent(res: ServerResponse): void {
  const write = res.write.bind(res) as (...values: unknown[]) => boolean;
  res.write = (chunk: unknown, ...rest: unknown[]) => {
    if (!(chunk instanceof Uint8Array) || rest.length > 0) return write(chunk, ...rest);
    return write(chunk, (error?: Error | null) => {
      if (!error) giveBack(chunk);
    });
  };
}
