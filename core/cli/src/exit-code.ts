import { hasCode } from '@stele/sdk';

/** What the command ends with; 2 and 78 as in sysexits and by custom. */
export const exitCode = { fine: 0, failed: 1, usage: 2, configuration: 78 } as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** 78 where starting again can't help before somebody changes the configuration: service managers then leave it at that. */
export function exitCodeOf(error: unknown): ExitCode {
  return hasCode(error, 'INVALID', 'UNSUPPORTED', 'NOT_FOUND', 'DENIED') ? exitCode.configuration : exitCode.failed;
}
