#!/bin/sh
# Stele's agent: runs one task's container on a compute node and keeps a truthful record of it.
#
#   sh agent.sh FOLDER
#
# FOLDER is the task's, on a file system that the node shares with the host that submits. What it holds for us and what
# we leave in it is told in docs/authors/agent.md. Needs a POSIX shell and the usual small programs, nothing else: no
# root, no network, no clock that agrees with anybody's. A special built-in (`:`, `export`, `exec`) ends some shells when
# its redirection fails, and a full disk makes that happen: what writes here is `printf`, `cat`, `dd`.
set -u

callers_mask=$(umask)
callers_locale=${LC_ALL-}
has_locale=${LC_ALL+yes}
umask 077
LC_ALL=C PATH=${PATH:+$PATH:}/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export LC_ALL PATH
unset CDPATH

say() { printf '%s %s\n' "$(date -u '+%Y-%m-%dT%H:%M:%SZ')" "$*" >&2; }
now() { date +%s; }

# is_number WORD: short enough for any shell's arithmetic, and not read as octal
is_number() {
  case $1 in
  '' | *[!0-9]* | 0?* | ????????????????*) return 1 ;;
  esac
}

# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────

read_settings() {
  want_port='' low='' high='' want_base='' log_limit=1048576 heartbeat=15 grace=10
  [ -r "$folder/settings" ] || return 0
  while IFS= read -r line || [ -n "$line" ]; do
    value=${line#*=}
    case $line in
    port=pick) want_port=pick ;;
    port=*) ! is_number "$value" || want_port=$value ;;
    port_range=*) low=${value%%-*} high=${value##*-} ;;
    sandbox=*) want_base=$value ;;
    log_limit=*) ! is_number "$value" || log_limit=$value ;;
    heartbeat=*) ! is_number "$value" || [ "$value" -lt 1 ] || heartbeat=$value ;;
    grace=*) ! is_number "$value" || grace=$value ;;
    esac
  done <"$folder/settings"
}

# ── who we are ───────────────────────────────────────────────────────────────────────────────────────────────────────

# birth PID: when it started, in ticks since the node did; nothing when there is no such process
birth() {
  { read -r facts <"/proc/$1/stat"; } 2>/dev/null || return 0
  # shellcheck disable=SC2086 # fields, all numbers once the name of the program is cut off
  set -- ${facts##*) }
  printf %s "${20-}"
}

know_ourselves() {
  node=$(uname -n)
  boot=$(cat /proc/sys/kernel/random/boot_id 2>/dev/null)
  boot=${boot%%-*}
  space=$(readlink /proc/self/ns/pid 2>/dev/null | tr -cd 0-9)
  # A name for files: tells anybody on this node whether whom they belong to still runs.
  owner=by-$boot-${space:-0}-$$-$(birth "$$")-$node
  run=$$-$(now)-$node
}

# is_gone OWNER: whether we know that it ended. What runs on another node, or where we can't look, is not known.
is_gone() {
  rest=${1#by-}
  its_boot=${rest%%-*} rest=${rest#*-}
  its_space=${rest%%-*} rest=${rest#*-}
  its_pid=${rest%%-*} rest=${rest#*-}
  its_birth=${rest%%-*}
  [ "${rest#*-}" = "$node" ] && [ -n "$boot" ] && is_number "$its_pid" || return 1
  [ "$its_boot" = "$boot" ] || return 0
  [ "$its_space" = "${space:-0}" ] && [ "$(birth "$its_pid")" != "$its_birth" ]
}

# The address by which the site's own names know the node; else the first that leads out of it.
find_address() {
  for address in \
    $(getent hosts "$node" 2>/dev/null | while read -r found _; do printf '%s\n' "$found"; done) \
    $(ip -o -4 addr show scope global 2>/dev/null | grep -Ev '^[0-9]+: (docker|br-|virbr|cni|podman|veth)' |
      sed -n 's/.* inet \([0-9.]*\).*/\1/p') \
    $(hostname -I 2>/dev/null) \
    $(ip -o -6 addr show scope global 2>/dev/null | sed -n 's/.* inet6 \([0-9a-f:]*\).*/\1/p'); do
    case $address in
    127.* | 169.254.* | ::1 | fe80:* | *[!0-9a-fA-F.:]*) ;;
    *) return 0 ;;
    esac
  done
  address=''
}

# ── the record ───────────────────────────────────────────────────────────────────────────────────────────────────────

status_text() {
  printf '%s\n' version=1 "phase=$phase" "run=$run" "node=$node" "pid=$$" "boot=$boot"
  [ -z "$address" ] || printf 'address=%s\n' "$address"
  [ -z "$port" ] || printf '%s\n' "port=$port" "listening=$listening"
  [ -z "$started" ] || printf 'started=%s\n' "$started"
  printf 'heartbeat=%s\n' "$(now)"
  [ "$phase" = ended ] || return 0
  printf 'ended=%s\n' "$ended"
  [ -z "$exit_code" ] || printf 'exit=%s\n' "$exit_code"
  [ -z "$signal" ] || printf 'signal=%s\n' "$signal"
  [ -z "$reason" ] || printf 'reason=%s\n' "$reason"
}

# replace FILE TEXT: whole or not at all. It is read again, since some file systems tell of a full disk only on closing.
replace() {
  { printf '%s\n' "$2" >"$1.$run"; } 2>/dev/null && [ "$(cat "$1.$run" 2>/dev/null)" = "$2" ] && mv -f "$1.$run" "$1" 2>/dev/null && return 0
  rm -f "$1.$run"
  return 1
}

# Room for one more record when the disk is full.
keep_spare() { [ -e "$folder/spare" ] || dd if=/dev/zero of="$folder/spare" bs=4096 count=2 2>/dev/null; }

put_status() {
  is_ours || return 0
  text=$(status_text)
  if replace "$folder/status" "$text" || { rm -f "$folder/spare" && replace "$folder/status" "$text"; }; then
    [ -z "$untold" ] || say "the record is written again"
    untold=''
    keep_spare
    return 0
  fi
  [ -n "$untold" ] || say "the record can't be written; trying again"
  untold=yes
  return 1
}

# The folder belongs to who started last: the scheduler may have started the task again while this node was cut off.
claim() {
  earlier=''
  { read -r earlier <"$folder/run"; } 2>/dev/null
  replace "$folder/run" "$run"
}

is_ours() {
  { read -r holder <"$folder/run"; } 2>/dev/null || return 0
  [ "$holder" != "$run" ] || return 0
  # Our claim may have found no room.
  [ "$holder" != "$earlier" ] || { replace "$folder/run" "$run"; return 0; }
  [ -n "$superseded" ] || say "started again elsewhere: $holder"
  superseded=yes
  return 1
}

# ── the sandbox ──────────────────────────────────────────────────────────────────────────────────────────────────────

is_memory() {
  case $(stat -f -c %T "$1" 2>/dev/null) in
  tmpfs | ramfs) return 0 ;;
  esac
  return 1
}

# On the node's disk where there is one: a container's files would take the task's memory.
make_sandbox() {
  in_memory=''
  for base in "$want_base" "${TMPDIR-}" /tmp /var/tmp; do
    case $base in
    /*) ;;
    *) continue ;;
    esac
    if ! [ -d "$base" ] || ! [ -w "$base" ]; then continue; fi
    if [ "$base" != "$want_base" ] && is_memory "$base"; then
      in_memory=${in_memory:-$base}
    else
      make_sandbox_in "$base" && return 0
    fi
  done
  [ -n "$in_memory" ] && make_sandbox_in "$in_memory"
}

make_sandbox_in() {
  sweep_sandboxes "$1"
  sandbox=$(mktemp -d "$1/stele-XXXXXXXXXX" 2>/dev/null) || return 1
  mkdir "$sandbox/$owner" "$sandbox/home" "$sandbox/scratch" && mkfifo "$sandbox/in" && return 0
  rm -rf "$sandbox"
  return 1
}

# What agents left that were killed. Only our own account's: whoever owns a folder could lead a removal astray.
sweep_sandboxes() {
  for left in "$1"/stele-??????????/by-*; do
    if [ -d "$left" ] && [ ! -L "${left%/*}" ] && is_own "${left%/*}" && is_gone "${left##*/}"; then
      remove_folder "${left%/*}"
    fi
  done
}

is_own() {
  # shellcheck disable=SC2046 # fields
  set -- $(ls -ldn "$1" 2>/dev/null)
  [ "${3-}" = "$uid" ]
}

remove_folder() {
  chmod -R u+rwX "$1" 2>/dev/null
  rm -rf "$1" 2>/dev/null || say "$1 can't be removed entirely"
}

# ── the port ─────────────────────────────────────────────────────────────────────────────────────────────────────────

# The port and the two after it are the task's. A lock keeps agents of this node from each other; what else may take a
# port between our look and the container's is noticed afterwards, and the loser tries again.

pick_port() {
  find_range
  sweep_locks
  slots=$(((high - low + 1) / 3))
  slot=$(random)
  tries=0
  while [ "$tries" -lt "$slots" ] && [ "$tries" -lt 500 ]; do
    port=$((low + 3 * ((slot + tries) % slots)))
    tries=$((tries + 1))
    lock_port || continue
    is_taken || return 0
    unlock_port
  done
  port=''
  return 1
}

# Below the ports that the kernel gives to outgoing connections, else above them.
find_range() {
  if is_number "$low" && is_number "$high" && [ "$low" -gt 1023 ] && [ "$high" -lt 65536 ] && [ "$((high - low))" -gt 1 ]; then return 0; fi
  # By `cat`: dash reads byte by byte, and the kernel gives a setting's first byte only.
  read -r from to <<RANGE
$(cat /proc/sys/net/ipv4/ip_local_port_range 2>/dev/null)
RANGE
  if ! is_number "$from" || ! is_number "$to"; then from=32768 to=60999; fi
  low=20000 high=$((from - 1))
  [ "$((high - low))" -lt 2000 ] || return 0
  low=$((to + 1)) high=65535
  [ "$((high - low))" -lt 2000 ] || return 0
  low=20000 high=32767
}

random() {
  number=$(od -An -N2 -tu2 /dev/urandom 2>/dev/null | tr -cd 0-9)
  is_number "$number" || number=$(($$ + $(now) % 10000))
  printf %s "$number"
}

# Ours once our name is in it, not before: a folder without a name may be swept away.
lock_port() {
  lock=/tmp/.stele-port-$port
  mkdir "$lock" 2>/dev/null || return 1
  mkdir "$lock/$owner" 2>/dev/null
}

unlock_port() {
  [ -z "$lock" ] || rmdir "$lock/$owner" "$lock" 2>/dev/null
  lock=''
}

sweep_locks() {
  for left in /tmp/.stele-port-*/by-*; do
    is_gone "${left##*/}" && rmdir "$left" "${left%/*}" 2>/dev/null
  done
}

# The kernel's table of what uses our ports here: number, address:port, peer, state, queues, timer, retries, user, …
port_table() {
  hex=$(printf '%04X|%04X|%04X' "$port" "$((port + 1))" "$((port + 2))")
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -E "^ *[0-9]+: [0-9A-F]+:($hex) "
}

is_taken() {
  if [ -r /proc/net/tcp ]; then
    [ -n "$(port_table)" ]
  else
    { ss -tan || netstat -tan; } 2>/dev/null | grep -qE "[:.]($port|$((port + 1))|$((port + 2))) "
  fi
}

# Sets `listening`: what listens on our ports, as port@any, port@loopback, port@one (of the node's addresses), or
# port@foreign, which belongs to somebody else on this node. Root's is not foreign: it forwards to containers.
look_at_port() {
  [ -n "$port" ] && [ -r /proc/net/tcp ] || return 0
  listening=''
  while read -r _ where _ state _ _ _ whose _; do
    [ "$state" = 0A ] || continue
    case $where in
    00000000:* | 00000000000000000000000000000000:*) place=any ;;
    ??????7F:* | 00000000000000000000000001000000:* | 0000000000000000FFFF0000??????7F:*) place=loopback ;;
    *) place=one ;;
    esac
    [ "$whose" = "$uid" ] || [ "$whose" = 0 ] || place=foreign
    number=$((0x${where##*:}))
    case ,$listening, in
    *",$number@$place,"*) ;;
    *) listening=${listening:+$listening,}$number@$place ;;
    esac
  done <<TABLE
$(port_table)
TABLE
}

is_foreign() {
  [ "$want_port" = pick ] || return 1
  case ,$listening, in *",$port@foreign,"*) return 0 ;; esac
  return 1
}

# ── the log ──────────────────────────────────────────────────────────────────────────────────────────────────────────

# Copies what the container prints, chunk by chunk as it comes, until nobody can print any more.
pump() {
  trap '' TERM INT HUP USR1 USR2 ALRM XCPU
  size=$({ wc -c <"$folder/log"; } 2>/dev/null) || size=0
  while :; do
    told=$({ dd bs=65536 count=1 >>"$folder/log"; } 2>&1)
    case $told in
    *'0+0 records in'*) break ;;
    *'records in'*) ;;
    # There is no such file, and no room for one.
    *) dd bs=65536 count=1 of=/dev/null 2>/dev/null ;;
    esac
    case $told in
    *'1+0 records in'*) ;;
    # One that prints little by little would otherwise cost a process for each line.
    *) sleep 0.2 2>/dev/null || sleep 1 ;;
    esac
    # At most: the file is measured before it is cut.
    size=$((size + 65536))
    [ "$size" -le "$log_limit" ] || bound_log
  done
}

# Cuts the beginning away, at the end of a line. The copy lies on the node: there may be no room where the log is.
bound_log() {
  size=$({ wc -c <"$folder/log"; } 2>/dev/null) || size=0
  [ "$size" -gt "$log_limit" ] || return 0
  { printf '[the beginning is cut away]\n' && tail -c "$((log_limit / 2))" "$folder/log" | sed 1d; } >"$sandbox/tail" 2>/dev/null
  { cat "$sandbox/tail" >"$folder/log.$run" && mv -f "$folder/log.$run" "$folder/log"; } 2>/dev/null || {
    rm -f "$folder/log.$run"
    { cat "$sandbox/tail" >"$folder/log"; } 2>/dev/null
  }
  rm -f "$sandbox/tail"
  size=$((log_limit / 2))
}

# ── the container ────────────────────────────────────────────────────────────────────────────────────────────────────

# fill TEXT: sets `filled`, the text with what the placeholders stand for. What was filled in is not looked at again.
fill() {
  filled='' rest=$1
  while :; do
    case $rest in
    *@STELE_*) ;;
    *) break ;;
    esac
    filled=$filled${rest%%@STELE_*} rest=${rest#*@STELE_}
    case $rest in
    PORT@*) filled=$filled$port rest=${rest#PORT@} ;;
    HOME@*) filled=$filled$sandbox/home rest=${rest#HOME@} ;;
    SCRATCH@*) filled=$filled$sandbox/scratch rest=${rest#SCRATCH@} ;;
    *) filled=${filled}@STELE_ ;;
    esac
  done
  filled=$filled$rest
}

# What the container's command reads. Through a pipe: it is secret.
feed() {
  [ -r "$folder/stdin" ] || return 0
  while IFS= read -r line; do
    fill "$line"
    printf '%s\n' "$filled" || return 0
  done <"$folder/stdin"
  [ -z "$line" ] || { fill "$line" && printf %s "$filled"; }
}

export_variables() {
  [ -r "$folder/env" ] || return 0
  while IFS= read -r line || [ -n "$line" ]; do
    case ${line%%=*} in
    '' | [0-9]* | *[!A-Za-z0-9_]* | "$line") continue ;;
    # What some shells don't let anybody set.
    UID | EUID | PPID | GROUPS | FUNCNAME | DIRSTACK | SHELLOPTS | BASHOPTS | BASH_*) continue ;;
    esac
    fill "${line#*=}"
    { export "${line%%=*}=$filled"; } 2>/dev/null
  done <"$folder/env"
}

# Becomes the container's command, with the signals, the locale and the file modes that we were given.
become_container() {
  set --
  while IFS= read -r line || [ -n "$line" ]; do
    fill "$line"
    set -- "$@" "$filled"
  done <"$folder/command"
  unset LC_ALL
  # Shells talk about locales that the node doesn't have.
  [ -z "$has_locale" ] || { export LC_ALL="$callers_locale"; } 2>/dev/null
  umask "$callers_mask"
  # shellcheck disable=SC2016 # the next shell's words: its number is the container's
  note='printf "%s\n" "$$" >"$0"; exec "$@"'
  note_in=$sandbox/pid
  export_variables
  exec /bin/sh -c "$note" "$note_in" "$@"
}

# Becomes what takes away the rest of the container.
become_remover() {
  set --
  while IFS= read -r line || [ -n "$line" ]; do
    fill "$line"
    set -- "$@" "$filled"
  done <"$folder/after"
  exec "$@"
}

# An engine may have left more than its own child. It gets half a minute: a node isn't kept for ever.
remove_rest() {
  [ -s "$folder/after" ] || return 0
  (become_remover) >/dev/null 2>&1 &
  remover=$!
  waited=0
  while kill -0 "$remover" 2>/dev/null && [ "$waited" -lt 150 ]; do
    waited=$((waited + 1))
    sleep 0.2 2>/dev/null || { sleep 1 && waited=$((waited + 4)); }
  done
  kill -0 "$remover" 2>/dev/null && kill_all "$remover"
  wait "$remover" 2>/dev/null
}

# Its exit code goes through a file: `wait` can't tell it from a signal that came at the same time.
run_container() {
  trap : TERM INT HUP USR1 USR2 ALRM XCPU
  (become_container) <"$sandbox/in" >"$sandbox/out" 2>&1
  code=$?
  { printf '%s\n' "$code" >"$sandbox/exit.new"; } 2>/dev/null && mv "$sandbox/exit.new" "$sandbox/exit"
  kill -s ALRM "$$"
  exit "$code"
}

start_container() {
  # New pipes for each attempt: what an earlier one left behind may hold the old ones.
  rm -f "$sandbox/exit" "$sandbox/pid" "$sandbox/in" "$sandbox/out"
  mkfifo "$sandbox/in" "$sandbox/out" || fail "The disk of $node is full."
  container='' exit_code='' signal='' listening='' passed='' killed='' foreign=''
  pump <"$sandbox/out" &
  pump=$!
  feed >"$sandbox/in" 2>/dev/null &
  feeder=$!
  run_container &
  runner=$!
  started=$(now)
  phase=running
}

is_running() { [ ! -e "$sandbox/exit" ] && kill -0 "$runner" 2>/dev/null; }

# Sleeps, but not through news. The sleeper is there before we look, so that a signal finds somebody to wake.
doze() {
  sleep "$1" &
  sleeper=$!
  if is_running && [ -z "$news" ]; then wait "$sleeper" 2>/dev/null; fi
  end_sleep
  reap "$sleeper"
  sleeper='' news=''
}

# By KILL: a shell that has not become `sleep` yet would take TERM for one of its parent's, and forget it.
end_sleep() { kill -s KILL "$sleeper" 2>/dev/null; }

# reap PID: waits for a child, through signals, and sets `reaped` to its exit code where it can be had. Bash forgets a
# child that ends while a signal interrupts `wait`, and would wait for it as long as it has other children.
reap() {
  reaped=''
  while kill -0 "$1" 2>/dev/null; do
    wait "$1" 2>/dev/null
    reaped=$?
    [ "$reaped" != 127 ] || break
  done
}

# shellcheck disable=SC2317 # called by traps
wake() {
  news=yes
  [ -z "$sleeper" ] || end_sleep
}

# Looks after the container until it ends: often at first, while its port opens and while it is being stopped.
watch() {
  pause=1
  while is_running; do
    doze "$pause"
    is_running || break
    look_at_port
    if is_foreign; then foreign=yes; fi
    pass_signals
    put_status
    pause=$((pause * 2))
    [ "$pause" -le "$heartbeat" ] || pause=$heartbeat
    [ -z "$passed$foreign$superseded" ] || pause=1
  done
  reap "$runner"
  exit_code=$reaped
  { read -r exit_code <"$sandbox/exit"; } 2>/dev/null
  remove_rest
  settle
}

pass_signals() {
  [ -n "$container" ] || { read -r container <"$sandbox/pid"; } 2>/dev/null
  if [ -n "$container" ]; then
    for name in $signals; do kill -s "$name" "$container" 2>/dev/null; done
    signals=''
  fi
  [ -n "$stop$foreign$superseded" ] || return 0
  if [ -z "$passed" ]; then
    [ -n "$container" ] || [ "$(($(now) - started))" -ge "$(patience)" ] || return 0
    passed=$(now)
    kill -s TERM "${container:-$runner}" 2>/dev/null
  elif [ "$(($(now) - passed))" -ge "$(patience)" ]; then
    killed=yes
    kill_all "${container:-$runner}"
  fi
}

# Who stops a task may say in the folder how long it may take.
patience() {
  seconds=''
  { read -r seconds <"$folder/grace"; } 2>/dev/null
  is_number "$seconds" || seconds=$grace
  printf %s "$seconds"
}

# kill_all PID: with everything below it
kill_all() {
  family=" $1 " before=''
  while [ "$family" != "$before" ]; do
    before=$family
    for entry in /proc/[0-9]*/stat; do
      { read -r facts <"$entry"; } 2>/dev/null || continue
      child=${facts%% *} parent=${facts##*) }
      parent=${parent#* } parent=${parent%% *}
      case $family in
      *" $child "*) ;;
      *" $parent "*) family="$family$child " ;;
      esac
    done
  done
  # shellcheck disable=SC2086 # a list of numbers
  kill -s KILL $family 2>/dev/null
}

# The rest of what was printed. Something that the container left behind may hold its output open for ever.
settle() {
  kill "$feeder" 2>/dev/null
  reap "$feeder"
  waited=0
  while kill -0 "$pump" 2>/dev/null && [ "$waited" -lt 20 ]; do
    sleep 0.2 2>/dev/null || sleep 1
    waited=$((waited + 1))
  done
  kill -0 "$pump" 2>/dev/null && kill_all "$pump"
  reap "$pump"
}

# Somebody listens where our container, which has just failed, was to listen.
lost_port() {
  [ "$want_port" = pick ] && [ -z "$stop$superseded" ] || return 1
  [ -z "$foreign" ] || return 0
  [ "$exit_code" != 0 ] && [ "$(($(now) - started))" -lt 60 ] && is_taken
}

# ── the life of a task ───────────────────────────────────────────────────────────────────────────────────────────────

# fail REASON: what keeps a container from being started
fail() {
  exit_code='' signal='' reason=$*
  say "$reason"
  end
  exit 125
}

end() {
  phase=ended ended=$(now) untold=''
  tries=0
  # A disk may stay full for a while; a node isn't kept for ever.
  until put_status || [ "$tries" -ge 12 ]; do
    tries=$((tries + 1))
    sleep 5
  done
  rm -f "$folder/spare" "$folder/grace"
  unlock_port
  [ -z "$sandbox" ] || remove_folder "$sandbox"
}

judge() {
  is_number "$exit_code" || exit_code=''
  signal='' reason=''
  if [ -n "$exit_code" ] && [ "$exit_code" -gt 128 ] && [ "$exit_code" -lt 193 ]; then signal=$((exit_code - 128)); fi
  if [ -n "$foreign" ]; then
    reason="Somebody else on $node listened on port $port."
  elif [ -n "$killed" ]; then
    reason="It was asked to end, and killed after $(patience) s."
  elif [ -n "$stop" ]; then
    reason="It was asked to end ($stop)."
  elif [ "$exit_code" = 126 ] || [ "$exit_code" = 127 ]; then
    reason="The container could not be started, or its program was not found."
  fi
}

run_task() {
  attempt=1
  while :; do
    case $want_port in
    pick) pick_port || fail "No free port was found on $node." ;;
    *) port=$want_port ;;
    esac
    put_status
    [ -z "$stop" ] || fail "It was asked to end before it began ($stop)."
    start_container
    put_status
    watch
    if ! lost_port || [ "$attempt" -ge 5 ]; then break; fi
    say "port $port was taken; another one"
    unlock_port
    attempt=$((attempt + 1)) phase=starting started=''
  done
}

main() {
  folder=$1
  case $folder in
  /*) ;;
  *) printf 'usage: sh agent.sh /FOLDER\n' >&2 && exit 64 ;;
  esac
  if { true >>"$folder/agent.log"; } 2>/dev/null; then exec 2>>"$folder/agent.log"; fi
  exec </dev/null >/dev/null
  phase=starting address='' port='' listening='' started='' untold='' superseded='' sandbox='' lock=''
  stop='' signals='' news='' sleeper='' foreign=''
  uid=$(id -u)
  trap 'stop=TERM; wake' TERM
  # What a shell starts in the background ignores INT: the container is asked by TERM.
  trap 'stop=INT; wake' INT
  trap 'stop=XCPU; wake' XCPU
  trap 'signals="$signals USR1"; wake' USR1
  trap 'signals="$signals USR2"; wake' USR2
  trap wake ALRM
  trap : HUP
  read_settings
  know_ourselves
  claim
  find_address
  put_status
  [ -s "$folder/command" ] || fail "There is no command to run."
  make_sandbox || fail "No folder for the task could be made on $node: is its disk full?"
  # An earlier run may have been killed with all that it had.
  [ -z "$earlier" ] || remove_rest
  run_task
  judge
  end
  exit "${exit_code:-125}"
}

main "${1-}"
