import type { ExecResult } from '../access.ts';
import { SteleError } from '../errors.ts';
import { excerpt } from '../excerpt.ts';
import { lastLine, readFailure } from '../oci/failures.ts';
import type { Dialect } from './dialect.ts';

/** What a command line's failure means. Pure. PROTOCOL when nobody has taught us its words. */
export function failureOf(result: ExecResult, dialect: Dialect, doing: string): SteleError {
  const words = excerpt(result.stderr.trim() || result.stdout.trim());
  const known = readFailure(words, `${dialect.title} could not ${doing}`, dialect.failures);
  if (known !== undefined) return known;
  const message = `${dialect.title} could not ${doing} (exit code ${result.exitCode}): ${lastLine(words)}`;
  return new SteleError('PROTOCOL', message, { raw: words });
}
