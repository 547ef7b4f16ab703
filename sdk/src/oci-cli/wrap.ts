/**
 * Constant scripts for what argv alone can't say. Nothing is ever put into them: the command travels behind them as
 * arguments of its own.
 */

/** Adds to what a command finds in its environment. */
export function withEnvironment(values: Readonly<Record<string, string>>, argv: readonly string[]): readonly string[] {
  const added = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  return added.length === 0 ? argv : ['env', ...added, ...argv];
}

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

/**
 * Fetches an image with the credentials in `folder`/config.json, takes them away whatever came of it, and becomes the
 * command. Where they are gone, in another attempt of the same run, the image is there. What was fetched is no news for a
 * task's log; why it couldn't be is.
 */
export function withPullBefore(folder: string, pull: readonly string[], argv: readonly string[]): readonly string[] {
  return ['sh', '-c', pullScript, 'sh', `${folder}/config.json`, String(pull.length), ...pull, ...argv];
}

const pullScript = [
  'auth=$1 count=$2; shift 2;',
  // Its words are the first ones: they change places with the rest, which is dropped.
  'fetch() { rest=$(($# - count)); while [ "$count" -gt 0 ]; do word=$1; shift; set -- "$@" "$word"; count=$((count - 1)); done;',
  'shift "$rest"; exec "$@"; };',
  'if [ -e "$auth" ]; then fetch "$@" >/dev/null & child=$!;',
  // A shell that waits for its child would keep a task from being stopped.
  `trap 'kill "$child" 2>/dev/null' TERM INT HUP; wait "$child"; code=$?; trap - TERM INT HUP; rm -f "$auth";`,
  '[ "$code" = 0 ] || exit "$code"; fi;',
  'shift "$count"; exec "$@"',
].join(' ');
