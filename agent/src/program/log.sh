# ── the log ──────────────────────────────────────────────────────────────────────────────────────────────────────────

# Copies what the container prints, chunk by chunk as it comes, until nobody can print any more.
pump() {
  trap '' TERM INT HUP USR1 USR2 ALRM XCPU
  measure_log
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

measure_log() { size=$({ wc -c <"$folder/log"; } 2>/dev/null) || size=0; }

bound_log() {
  measure_log
  [ "$size" -le "$log_limit" ] || shrink_log $((log_limit / 2))
}

# shrink_log BYTES: cuts the beginning away, at the end of a line. The copy lies on the node: there may be no room where the
# log is.
shrink_log() {
  { printf '[the beginning is cut away]\n' && tail -c "$1" "$folder/log" | sed 1d; } >"$sandbox/tail" 2>/dev/null
  { cat "$sandbox/tail" >"$folder/log.$run" && mv -f "$folder/log.$run" "$folder/log"; } 2>/dev/null || {
    rm -f "$folder/log.$run"
    { cat "$sandbox/tail" >"$folder/log"; } 2>/dev/null
  }
  rm -f "$sandbox/tail"
  size=$1
}
