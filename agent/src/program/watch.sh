# ── while it runs ──────────────────────────────────────────────────────────────────────────────────────────────────────

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

# reap PID: waits for a child, through signals. Bash forgets a child that ends while a signal interrupts `wait`, and would
# wait for it as long as it has other children.
reap() {
  while kill -0 "$1" 2>/dev/null; do
    wait "$1" 2>/dev/null
    [ "$?" != 127 ] || break
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
  let_end "$pump" 4
}

# let_end PID SECONDS: waits for a child, and kills it with everything below it when it takes longer
let_end() {
  fifths=$(($2 * 5))
  while kill -0 "$1" 2>/dev/null && [ "$fifths" -gt 0 ]; do
    fifths=$((fifths - 1))
    sleep 0.2 2>/dev/null || { sleep 1 && fifths=$((fifths - 4)); }
  done
  kill -0 "$1" 2>/dev/null && kill_all "$1"
  reap "$1"
}

# Somebody listens where our container, which has just failed, was to listen.
lost_port() {
  [ "$want_port" = pick ] && [ -z "$stop$superseded" ] || return 1
  [ -z "$foreign" ] || return 0
  [ "$exit_code" != 0 ] && [ "$(($(now) - started))" -lt 60 ] && is_held
}
