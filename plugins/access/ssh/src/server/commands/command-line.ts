import { quoteCommand, SteleError } from '@stele/sdk';

/** Linux takes arguments of 128 KiB, and the login shell gets the whole line as one. */
const lineLimit = 120_000;

/**
 * What runs in front of each command, in the host's `sh`: goes to the folder, looks for the program, says which process (group) it is,
 * and becomes the program. Arguments: a word that nobody else can know, the folder, the command.
 */
const preamble = [
  'n=$1 d=$2; shift 2',
  `say() { printf '%s %s\\n' "$n" "$1" >&2; }`,
  '[ -z "$d" ] || cd -- "$d" 2>/dev/null || { say folder; exit 0; }',
  'case $1 in */*) p=$1 ;; *) p=; set -f; IFS=:; for d in $PATH; do q=${d:-.}/$1; [ -f "$q" ] || continue; p=$q; [ -x "$q" ] && break; done; set +f; unset IFS ;; esac',
  '[ -n "$p" ] && [ -e "$p" ] || { say missing; exit 0; }',
  '[ -f "$p" ] && [ -x "$p" ] || { say denied; exit 0; }',
  'case $p in -*) p=./$p ;; esac; case $1 in -*) shift; set -- "$p" "$@" ;; esac',
  'g=$$; kill -0 "-$g" 2>/dev/null && g=-$g',
  `printf '%s\\n' "$n"; say "$g"; exec "$@"`,
].join('; ');

/** No `--`: dash and busybox don’t know it there. TERM to all, then KILL to those that are left after two seconds. */
const ending =
  'for t; do kill -TERM "$t" 2>/dev/null; done; i=0; while [ $i -lt 20 ]; do sleep 0.1 2>/dev/null || sleep 1; s=; for t; do kill -0 "$t" 2>/dev/null && s=1; done; [ -n "$s" ] || exit 0; i=$((i+1)); done; for t; do kill -KILL "$t" 2>/dev/null; done';

/** The line that runs a command. @param word announces the command's start on both outputs */
export function commandLine(argv: readonly string[], cwd: string | undefined, word: string): string {
  return armoured(quoteCommand(['sh', '-c', preamble, 'stele', word, cwd ?? '', ...argv]));
}

/** The line that ends processes; negative numbers are groups. */
export function endingLine(targets: readonly string[]): string {
  return armoured(quoteCommand(['sh', '-c', ending, 'stele', ...targets]));
}

/**
 * Makes a line of POSIX `sh` survive whatever login shell the account has: csh trips over line breaks and `!`, fish over
 * backslashes. They see plain printable ASCII between single quotes, and `sh` makes the line of it.
 */
function armoured(line: string): string {
  const plain = Buffer.from(line)
    .toString('latin1')
    .replace(/[^ -~]|['\\!]/g, (character) => `\\0${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
  if (plain.length > lineLimit) {
    throw new SteleError('LIMIT', 'The command is too long for a command line: hand its data over on standard input.');
  }
  return `exec /bin/sh -c 'eval "exec $(printf %b "$0")"' '${plain}'`;
}
