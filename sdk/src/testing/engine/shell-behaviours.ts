import type { Behaviours } from './subject.ts';

/** What containers can do whose image has a POSIX shell and BusyBox’ or GNU’s `printf`, `sleep`, `touch`, `ip` and `nc`. */
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
  expose: (port) => [...script(`${addresses}; echo up; while :; do echo hello | nc -l -p "$1"; done`), String(port)],
  knock: (hosts, port) => [
    ...script(
      'port=$1; shift; echo hello | nc -l -p "$port" & sleep 0.3; ' +
        'for host in 127.0.0.1 "$@"; do echo "$host $(nc -w 2 "$host" "$port" </dev/null 2>&1 | head -n 1)"; done',
    ),
    String(port),
    ...hosts,
  ],
  touch: (path) => [...script('touch "$1"'), path],
  hog: () => script('x=aaaaaaaaaaaaaaaaaaaaaaaa; while :; do x=$x$x; done'),
};

/** As BusyBox and iproute2 print them: `2: eth0    inet 10.88.0.2/16 …`. */
const addresses = "ip -o -4 addr show scope global | sed 's/.* inet \\([0-9.]*\\).*/\\1/'";

/** A constant script; what varies follows as arguments of its own. */
function script(text: string): readonly string[] {
  return ['sh', '-c', text, 'sh'];
}
