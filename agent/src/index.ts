import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What travels to a compute node. Has the shape of the SDK's `AgentProgram`, which this room may not import. */
export interface Program {
  /** Its text. */
  readonly text: string;
  /** The first 12 hex digits of its SHA-256. */
  readonly version: string;
}

/** It travels as one file. `start` has to be the first of its parts, `task` the last. */
const parts = [
  'start',
  'settings',
  'identity',
  'record',
  'call',
  'sandbox',
  'port',
  'log',
  'container',
  'watch',
  'task',
];

/** Beside this file in `src`, and the same files seen from `dist`: nothing has to be copied when we are built. */
const folder = new URL('../src/program/', import.meta.url);

/** Reads the agent from this installation. Throws when the installation is broken: no job could run. */
export function readAgent(): Program {
  const text = parts.map((part) => readFileSync(new URL(`${part}.sh`, folder), 'utf8')).join('\n');
  return { text, version: createHash('sha256').update(text).digest('hex').slice(0, 12) };
}
