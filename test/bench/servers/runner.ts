/** Runs programs that it is told of, one at a time: how each ended is its answer. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Order } from '../runner.ts';

const run = promisify(execFile);

process.on('message', async ({ argv: [program = '', ...args], env }: Order) => {
  try {
    await run(program, args, { maxBuffer: 1 << 30, ...(env ? { env: { ...env } } : {}) });
    process.send?.({});
  } catch (error) {
    process.send?.({ failure: (error as Error).message });
  }
});
