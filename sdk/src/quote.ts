import { SteleError } from './errors.ts';

/**
 * Writes an argument so that a POSIX shell reads back exactly the same bytes. The one place of the platform where a
 * command becomes text; only remote access methods, whose protocol knows nothing else, call it.
 * @throws INVALID for a NUL, which no argument can hold
 */
export function quoteArgument(argument: string): string {
  if (argument.includes('\0')) throw new SteleError('INVALID', 'A command argument can’t hold a NUL character.');
  return `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** A whole command line of quoted arguments. */
export function quoteCommand(argv: readonly string[]): string {
  return argv.map(quoteArgument).join(' ');
}
