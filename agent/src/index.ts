import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What travels to a compute node. Has the shape of the SDK's `AgentProgram`, which this room may not import. */
export interface Program {
  /** Its text. */
  readonly text: string;
  /** The first 12 hex digits of its SHA-256. */
  readonly version: string;
}

/** Beside this file in `src`, and the same file seen from `dist`: nothing has to be copied when we are built. */
const file = new URL('../src/agent.sh', import.meta.url);

/** Reads the agent from this installation. Throws when the installation is broken: no job could run. */
export function readAgent(): Program {
  const text = readFileSync(file, 'utf8');
  return { text, version: createHash('sha256').update(text).digest('hex').slice(0, 12) };
}
