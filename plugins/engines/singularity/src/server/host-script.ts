import { readFileSync } from 'node:fs';

/** Beside this file in `src`, and the same file seen from `dist`. */
const file = new URL('../../src/server/host.sh', import.meta.url);

/** The script that works on the host. Constant: what varies travels as arguments and on standard input. */
export function readHostScript(): string {
  return readFileSync(file, 'utf8');
}
