/**
 * Two constant scripts for what argv alone can't say. Nothing is ever put into them: the command travels behind them as
 * arguments of its own.
 */

/**
 * Gives a command a pipe as standard input. Without it `/dev/stdin` can't be opened where standard input is a socket, as
 * it is below Node.js and sshd: “no such device or address”.
 */
export function withPipedInput(argv: readonly string[]): readonly string[] {
  return ['sh', '-c', 'cat | "$@"', 'sh', ...argv];
}

/** Joins standard error to standard output, so that what a container printed keeps its order. */
export function withJoinedOutput(argv: readonly string[]): readonly string[] {
  return ['sh', '-c', 'exec "$@" 2>&1', 'sh', ...argv];
}
