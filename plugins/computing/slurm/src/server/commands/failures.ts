import type { ExecResult } from '@stele/sdk';
import { excerpt, SteleError } from '@stele/sdk';
import { meaningOfWords } from '../failures.ts';

/** What a command's failure means. `PROTOCOL` for words that nobody foresaw. */
export function failure(command: string, { exitCode, stderr, stdout }: ExecResult): SteleError {
  const said = `${excerpt(stderr)}\n${excerpt(stdout)}`.trim();
  const known = meaningOfWords(said, firstError(said));
  if (known !== undefined) return known;
  if (exitCode > 128) {
    return new SteleError('UNREACHABLE', `“${command}” was ended on the cluster’s login node.`, { raw: said });
  }
  const lines = stderr
    .trim()
    .split('\n')
    .filter((line) => line !== '');
  const words = (lines.at(-1) ?? `it ended with ${exitCode}`).slice(0, 300);
  return new SteleError('PROTOCOL', `“${command}” failed on the cluster: ${words}`, { raw: said });
}

/** Whether a command that ended well still says that it could not see: seen of `squeue` with exit status 0. */
export function hidesFailure({ stderr }: ExecResult): boolean {
  return /error:.*(?:Socket timed out|Unable to contact|Connection refused|timed out)|slurm_load\w* error/i.test(
    excerpt(stderr),
  );
}

/** Whether the words say that the cluster keeps no accounts, which isn't a failure. */
export function hasNoAccounting({ stderr, stdout }: ExecResult): boolean {
  return /accounting storage is disabled|not running a supported accounting_storage plugin/i.test(
    `${stderr}\n${stdout}`,
  );
}

function firstError(said: string): string {
  const line = said.split('\n').find((one) => /error/i.test(one)) ?? said.split('\n')[0] ?? '';
  return line.replace(/^\w+: (?:error: )?/, '').slice(0, 300);
}
