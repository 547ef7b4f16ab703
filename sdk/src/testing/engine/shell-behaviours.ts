import type { Behaviours } from './subject.ts';

/** What containers can do whose image has a POSIX shell and BusyBox’ or GNU’s `printf`, `sleep`, `touch` and `nc`. */
export const shellBehaviours: Behaviours = {
  print: (lines, exitCode) => [
    ...script('code=$1; shift; [ $# = 0 ] || printf "%s\\n" "$@"; exit "$code"'),
    String(exitCode),
    ...lines,
  ],
  show: (names) => [...script('for name; do eval "printf \'%s\\n\' \\"\\$$name\\""; done'), ...names],
  stay: () => script('trap "exit 0" TERM; echo up; while :; do sleep 1 & wait $!; done'),
  ignore: () => script('trap "" TERM; echo up; while :; do sleep 1; done'),
  greet: (port) => [...script('while :; do echo hello | nc -l -p "$1"; done'), String(port)],
  touch: (path) => [...script('touch "$1"'), path],
  hog: () => script('x=aaaaaaaaaaaaaaaaaaaaaaaa; while :; do x=$x$x; done'),
};

/** A constant script; what varies follows as arguments of its own. */
function script(text: string): readonly string[] {
  return ['sh', '-c', text, 'sh'];
}
