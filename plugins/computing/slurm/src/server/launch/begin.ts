import { readFileSync } from 'node:fs';
import type { ComputingResource, ExecResult, Host } from '@stele/sdk';
import { confOf } from '../conf.ts';
import type { Folders } from '../home.ts';
import { archiveOf } from './archive.ts';

/** Beside this file in `src`, and the same file seen from `dist`. */
const script = readFileSync(new URL('../../../src/server/launch/begin.sh', import.meta.url), 'utf8');

/** What is done on the host in front of the command that submits, and in the same command. */
export interface Beginning {
  /** Comes before the command. */
  readonly argv: readonly string[];
  readonly stdin: Uint8Array;
}

/** A folder to be. */
export interface FolderToBe {
  readonly resource: Pick<ComputingResource, 'conf'>;
  readonly host: Pick<Host, 'user'>;
  readonly folders: Folders;
  readonly key: string;
  /** Name of the agent’s program. */
  readonly agent: string;
  /** By name. Travel on standard input: they hold secrets. */
  readonly files: Readonly<Record<string, string>>;
  /** What the command reads. */
  readonly script: string;
}

/** How a task’s folder is made, unless somebody was there before. Pure but for the clock. */
export function beginningOf({ resource, host, folders, key, agent, files, script: job }: FolderToBe): Beginning {
  const owner = confOf(resource).folder === undefined ? '' : host.user;
  return {
    argv: ['sh', '-c', script, 'stele', folders.state, folders.tasks, key, agent, owner],
    stdin: archiveOf({ ...files, script: job }, Math.floor(Date.now() / 1000)),
  };
}

/** Whether nothing was done, and nothing left: somebody was there before, or something is missing. Pure. */
export function isForLater(stdout: string): boolean {
  return stdout.trim() === 'STELE later';
}

/** Whether the folder was made, where no command was to follow. Pure. */
export function isBegun({ exitCode, stdout }: Pick<ExecResult, 'exitCode' | 'stdout'>): boolean {
  return exitCode === 0 && stdout.trim() === 'STELE done';
}
