import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { notPrepared, prepareNotStarted } from '../errors.ts';

export interface Preparation {
  /** As the site file has it. */
  readonly program: string;
  /** Folder of the site file. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** Runs the site's “prepare” program. It may ask for a password: it has our terminal, but not our standard output. */
export async function prepare({ program, folder, environment, signal }: Preparation): Promise<void> {
  const path = resolve(folder, program);
  const child = spawn(path, [], { cwd: folder, env: withoutSecrets(environment), stdio: ['inherit', 2, 2] });
  const end = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', end, { once: true });
  try {
    const [code, by] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    if (code !== 0 && !signal.aborted)
      throw notPrepared(path, by === null ? `ended with code ${code}` : `was ended by ${by}`);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).syscall?.startsWith('spawn') ? prepareNotStarted(path, error) : error;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** Names of what holds a secret: the key, the database's address, the mail server's password, clients' secrets. */
const secret = /^STELE_(SECRET_KEY|DATABASE|.*PASSWORD|.*_SECRET)$/;

/** It needs neither the platform's key, nor its database, nor its mail server. */
function withoutSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !secret.test(name)));
}
