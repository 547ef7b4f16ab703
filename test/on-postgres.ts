/** Runs a command with a PostgreSQL of the distribution's beside it: `on-postgres.ts COMMAND ARGUMENT…`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Postgres } from './e2e/lib/index.ts';

const [command = '', ...args] = process.argv.slice(2);
const postgres = await Postgres.open();
if (typeof postgres === 'string') throw new Error(postgres);
try {
  const env = { ...process.env, STELE_TEST_DATABASE: postgres.url };
  const child = spawn(command, args, { stdio: 'inherit', env });
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  await postgres[Symbol.asyncDispose]();
}
