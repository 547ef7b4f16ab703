import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Runs a program in the repository with our own output; fails the build when it fails. */
export async function run(file: string, args: readonly string[]): Promise<void> {
  const child = spawn(file, args, { cwd: root, stdio: 'inherit' });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (code !== 0) throw new StepFailed(`${file} ${args.join(' ')} ended with ${signal ?? `code ${code}`}`);
}

/** Says how long a step took; a failed step ends the process with one line instead of a stack trace. */
export async function timed(name: string, step: () => Promise<void>): Promise<void> {
  const from = performance.now();
  try {
    await step();
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    console.error(`build: ${name} failed: ${error.message}`);
    process.exit(1);
  }
  console.error(`build: ${name} ${((performance.now() - from) / 1000).toFixed(1)} s`);
}

export class StepFailed extends Error {}
