import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AgentProgram } from '@stele/sdk';

const real = process.env['STELE_AGENT'] ?? fileURLToPath(new URL('../../../agent/src/agent.sh', import.meta.url));

/** The least that keeps the agent's protocol; used where the agent itself isn't there yet. */
const standIn = `set -u
cd "$1" || exit 1
port=$(sed -n 's/^port=//p' settings)
[ "$port" != pick ] || port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 10000))
address=$(getent hosts "$(uname -n)" | sed -n 's/ .*//p;q')
put() { printf '%s\\n' version=1 "phase=$1" "node=$(uname -n)" "address=$address" "port=$port" "started=$started" "heartbeat=$(date +%s)" >status.new; shift; [ $# = 0 ] || printf '%s\\n' "$@" >>status.new; mv status.new status; }
started=$(date +%s)
put starting
sed "s/@STELE_PORT@/$port/g" stdin >input
set --
while IFS= read -r word; do set -- "$@" "$word"; done <command
setsid "$@" <input >log 2>&1 &
child=$!
stop() { asked=yes; kill -TERM -"$child" 2>/dev/null; (sleep 3; kill -KILL -"$child" 2>/dev/null) & }
trap stop TERM INT USR1
put running
while wait "$child"; code=$?; kill -0 "$child" 2>/dev/null; do :; done
put ended "ended=$(date +%s)" "exit=$code"
exit "$code"
`;

export function agentProgram(): AgentProgram {
  const text = existsSync(real) ? readFileSync(real, 'utf8') : standIn;
  return { text, version: createHash('sha256').update(text).digest('hex').slice(0, 12) };
}
