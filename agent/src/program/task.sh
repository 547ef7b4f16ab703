# ── the life of a task ───────────────────────────────────────────────────────────────────────────────────────────────

# fail REASON: what keeps a container from being started
fail() {
  exit_code='' signal='' reason=$*
  say "$reason"
  end
  exit 125
}

# The log may have taken what was spared for the record, which is worth more than its older half.
give_room() {
  measure_log
  [ -n "$sandbox" ] && [ "$size" -gt 8192 ] && shrink_log $((size / 2))
}

end() {
  phase=ended ended=$(now) untold=''
  tries=0
  # A disk may stay full for a while; a node isn't kept for ever.
  until put_status || { give_room && put_status; } || [ "$tries" -ge 12 ]; do
    tries=$((tries + 1))
    sleep 5
  done
  rm -f "$folder/spare" "$folder/grace"
  # Those that were never taken; another run's are its own.
  ! is_ours || rm -f "$folder/auth"
  unlock_port
  [ -z "$sandbox" ] || remove_folder "$sandbox"
  end_calls
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
  phase=starting address='' port='' socket='' listening='' started='' untold='' superseded='' sandbox='' lock=''
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
  know_ourselves
  read_callback
  # Whoever comes after an agent that was killed sweeps it away by that.
  [ -z "$own_folder" ] || mkdir "$folder/$owner" 2>/dev/null
  [ -z "$call_url" ] || fetch_parcel
  read_settings
  claim
  find_address
  start_teller
  put_status
  [ -s "$folder/command" ] || fail "There is no command to run."
  make_sandbox || fail "No folder for the task could be made on $node: is its disk full?"
  # An earlier run may have been killed with all that it had.
  [ -z "$earlier" ] || remove_rest
  take_auth
  make_socket_folder
  run_task
  judge
  end
  exit "${exit_code:-125}"
}

main "${1-}"
