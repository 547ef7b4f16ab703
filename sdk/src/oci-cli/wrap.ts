/**
 * Constant scripts for what argv alone can't say. Nothing is ever put into them: the command travels behind them as
 * arguments of its own.
 */

/**
 * Gives a command a pipe as standard input. Without it `/dev/stdin` can't be opened where standard input is a socket, as
 * it is below Node.js and sshd: “no such device or address”.
 */
export function withPipedInput(argv: readonly string[]): readonly string[] {
  return ['sh', '-c', 'cat | "$@"', 'sh', ...argv];
}

/**
 * Puts what comes on standard input into a file that only this identity can read, and becomes the command, which reads it
 * there. For an agent's pipe: it has a name, and to open it once more as `/dev/stdin` waits for ever once its writer is done.
 */
export function withInputIn(file: string, argv: readonly string[]): readonly string[] {
  return ['sh', '-c', '(umask 077 && cat >"$1") && shift && exec "$@" </dev/null', 'sh', file, ...argv];
}

/** Joins standard error to standard output, so that what a container printed keeps its order. */
export function withJoinedOutput(argv: readonly string[]): readonly string[] {
  return ['sh', '-c', 'exec "$@" 2>&1', 'sh', ...argv];
}
