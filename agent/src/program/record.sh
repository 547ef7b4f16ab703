# ── the record ───────────────────────────────────────────────────────────────────────────────────────────────────────

status_text() {
  printf '%s\n' version=1 "phase=$phase" "run=$run" "node=$node" "pid=$$" "boot=$boot"
  [ -z "$address" ] || printf 'address=%s\n' "$address"
  [ -z "$port" ] || printf '%s\n' "port=$port" "listening=$listening"
  [ -z "$socket" ] || printf 'socket=%s\n' "$socket"
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
    tell_news
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
