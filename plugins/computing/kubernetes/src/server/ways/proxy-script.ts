/**
 * Runs what its arguments say, with a Unix socket in a folder that is the account's alone, until that ends or standard input does: so
 * nothing outlives a platform that was killed, or a connection that was cut. The first argument is the length of a kubeconfig that
 * comes first on standard input; 0: none does. It lies in that folder until the socket is there: then it has been read.
 */
export const proxyScript = `
umask 077
dir=$(mktemp -d) || exit 1
exec 3<&0 </dev/null
if [ "$1" -gt 0 ]; then
  head -c "$1" <&3 >"$dir/config"
  KUBECONFIG=$dir/config
  export KUBECONFIG
fi
shift
"$@" --unix-socket="$dir/api" 3<&- &
proxy=$!
(
  until [ -S "$dir/api" ] || ! kill -0 "$proxy"; do sleep 0.1 || sleep 1; done
  rm -f "$dir/config"
) >/dev/null 2>&1 3<&- &
(read -r _ <&3; kill "$proxy") >/dev/null 2>&1 &
waiter=$!
trap 'kill "$proxy" "$waiter" 2>/dev/null; rm -rf "$dir"; exit 143' HUP INT TERM
wait "$proxy"
code=$?
kill "$waiter" 2>/dev/null
rm -rf "$dir"
exit "$code"
`;
