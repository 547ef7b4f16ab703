# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────────

read_settings() {
  want_port='' want_socket='' low='' high='' want_base='' log_limit=1048576 heartbeat=15 grace=10
  [ -r "$folder/settings" ] || return 0
  while IFS= read -r line || [ -n "$line" ]; do
    value=${line#*=}
    case $line in
    port=pick) want_port=pick ;;
    port=*) ! is_number "$value" || want_port=$value ;;
    socket=yes) want_socket=yes ;;
    port_range=*) low=${value%%-*} high=${value##*-} ;;
    sandbox=*) want_base=$value ;;
    log_limit=*) ! is_number "$value" || log_limit=$value ;;
    heartbeat=*) ! is_number "$value" || [ "$value" -lt 1 ] || heartbeat=$value ;;
    grace=*) ! is_number "$value" || grace=$value ;;
    esac
  done <"$folder/settings"
}
