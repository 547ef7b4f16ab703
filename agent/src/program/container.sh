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
    SOCKETS@*) filled=$filled$sandbox/sockets rest=${rest#SOCKETS@} ;;
    AUTH@*) filled=$filled$sandbox/auth rest=${rest#AUTH@} ;;
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

# with_lines FILE WORD…: calls WORD… with the lines of FILE as further arguments
with_lines() {
  list=$folder/$1
  shift
  while IFS= read -r line || [ -n "$line" ]; do
    fill "$line"
    set -- "$@" "$filled"
  done <"$list"
  "$@"
}

# Becomes the container's command, with the signals, the locale and the file modes that we were given.
# shellcheck disable=SC2317 # called with the command's lines
become_container() {
  set -- "$sandbox/pid" "$@"
  unset LC_ALL
  # Shells talk about locales that the node doesn't have.
  [ -z "$has_locale" ] || { export LC_ALL="$callers_locale"; } 2>/dev/null
  umask "$callers_mask"
  export_variables
  # shellcheck disable=SC2016 # the next shell's words: its number is the container's
  exec /bin/sh -c 'printf "%s\n" "$$" >"$0"; exec "$@"' "$@"
}

# All at once: they may have the names of our own.
# shellcheck disable=SC2317 # called by the above
export_variables() {
  [ -r "$folder/env" ] || return 0
  set --
  while IFS= read -r line || [ -n "$line" ]; do
    case ${line%%=*} in
    '' | [0-9]* | *[!A-Za-z0-9_]* | "$line") continue ;;
    # What some shells don't let anybody set.
    UID | EUID | PPID | GROUPS | FUNCNAME | DIRSTACK | SHELLOPTS | BASHOPTS | BASH_*) continue ;;
    esac
    fill "${line#*=}"
    set -- "$@" "${line%%=*}=$filled"
  done <"$folder/env"
  # shellcheck disable=SC2163 # NAME=value each
  [ $# = 0 ] || export "$@"
}

# An engine may have left more than its own child. It gets half a minute: a node isn't kept for ever.
remove_rest() {
  [ -s "$folder/after" ] || return 0
  (with_lines after exec) >/dev/null 2>&1 &
  let_end $! 30
}

# Its exit code goes through a file: `wait` can't tell it from a signal that came at the same time.
run_container() {
  trap : TERM INT HUP USR1 USR2 ALRM XCPU
  (with_lines command become_container) <"$sandbox/in" >"$sandbox/out" 2>&1
  code=$?
  { printf '%-3s\n' "$code" 1<>"$sandbox/exit.new"; } 2>/dev/null && mv "$sandbox/exit.new" "$sandbox/exit"
  kill -s ALRM "$$"
  exit "$code"
}

start_container() {
  # New pipes for each attempt: what an earlier one left behind may hold the old ones.
  rm -f "$sandbox/exit" "$sandbox/pid" "$sandbox/in" "$sandbox/out"
  # The room for the exit code is taken now: the container may fill the disk.
  { mkfifo "$sandbox/in" "$sandbox/out" && printf '   \n' >"$sandbox/exit.new"; } 2>/dev/null || fail "The disk of $node is full."
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
