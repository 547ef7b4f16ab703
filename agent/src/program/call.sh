# ── calls to the platform ────────────────────────────────────────────────────────────────────────────────────────────

# Where no file system leads to the platform, it is told by HTTP what else lies in the folder. The secret travels in the
# body, by files and builtins: arguments and environments are seen by others.

read_callback() {
  call_url='' ticket='' call_secret='' step=0 teller='' own_folder='' speakers='curl wget bash busybox'
  [ -r "$folder/callback" ] || return 0
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
    url=*) call_url=${line#*=} ;;
    ticket=*) ticket=${line#*=} ;;
    speakers=*) speakers=${line#*=} ;;
    temporary=yes) own_folder=yes ;;
    esac
  done <"$folder/callback"
  rm -f "$folder/callback"
}

# Ours is made on the node: whoever reads the job's script afterwards has a ticket that was used.
make_secret() {
  call_secret=$(od -An -v -N32 -tx1 /dev/urandom 2>/dev/null | tr -cd 0-9a-f)
  [ "${#call_secret}" = 64 ]
}

# Sets `speaker`. Only what checks certificates speaks TLS: BusyBox’s wget doesn't, in many versions.
choose_speaker() {
  for speaker in $speakers; do
    can_speak && return 0
  done
  return 1
}

can_speak() {
  case $speaker in
  curl) has curl ;;
  wget) is_gnu_wget ;;
  bash) is_plain && has bash ;;
  busybox) is_plain && { has busybox || { has wget && ! is_gnu_wget; }; } ;;
  *) return 1 ;;
  esac
}

has() { command -v "$1" >/dev/null 2>&1; }
is_gnu_wget() { wget --version >/dev/null 2>&1; }
is_plain() { [ "${call_url#http:}" != "$call_url" ]; }

speak() {
  case $speaker in
  curl) by_curl "$1" ;;
  wget) by_wget "$1" ;;
  bash) by_bash "$1" ;;
  busybox) by_busybox "$1" ;;
  esac
}

# post FILE: sends it, sets `answer` to the status, 000 where nobody answers, `untrusted` where its certificate isn't believed. What is
# said goes to the file `answer`. Half a minute.
post() {
  answer=000
  rm -f "$folder/answer" "$folder/answer.head"
  { speak "$1" || echo "STELE $speaker $?"; } >"$folder/answer.head" 2>&1 &
  let_end $! 30
  while IFS= read -r line; do
    case $line in
    *HTTP/[0-9]*' '[1-5][0-9][0-9]*)
      line=${line##*HTTP/} line=${line#* }
      answer=${line%"${line#???}"}
      ;;
    # By the programs' manuals: the peer's certificate, by older ones of curl its name alone, a file of authorities that can't be read.
    'STELE curl 60' | 'STELE curl 51' | 'STELE curl 77' | 'STELE wget 5') answer=untrusted ;;
    esac
  done <"$folder/answer.head"
  rm -f "$folder/answer.head"
}

# A certificate authority of the site's own may lie in the folder.
by_curl() {
  set -- -q --silent --show-error --max-time 25 --data-binary "@$1" --header 'Content-Type: text/plain'
  [ ! -s "$folder/ca" ] || set -- "$@" --cacert "$folder/ca"
  curl "$@" --output "$folder/answer" --write-out 'HTTP/1.1 %{http_code}\n' "$call_url"
}

by_wget() {
  set -- --tries=1 --timeout=25 --max-redirect=0 --server-response --post-file="$1" --header='Content-Type: text/plain'
  [ ! -s "$folder/ca" ] || set -- "$@" --ca-certificate="$folder/ca"
  wget --no-config -nv "$@" -O "$folder/answer" "$call_url"
}

by_busybox() {
  set -- wget -S --post-file "$1" -O "$folder/answer" "$call_url"
  if has busybox; then set -- busybox "$@"; fi
  "$@"
}

# Bash connects by itself. HTTP/1.0, so that the answer comes in one piece.
by_bash() {
  rest=${call_url#http://}
  authority=${rest%%/*} path=/${rest#*/}
  case ${authority##*]} in
  *:*) host=${authority%:*} number=${authority##*:} ;;
  *) host=$authority number=80 ;;
  esac
  host=${host#[} host=${host%]}
  # shellcheck disable=SC2016 # bash's words
  bash -c 'exec 3<>"/dev/tcp/$1/$2" || exit 1
    { printf "POST %s HTTP/1.0\r\nHost: %s\r\nContent-Type: text/plain\r\nContent-Length: %s\r\n\r\n" "$3" "$4" "$5"; cat "$6"; } >&3
    IFS= read -r first <&3 || exit 1
    printf "%s\n" "$first"
    while IFS= read -r line <&3; do [ "$line" != "$(printf "\r")" ] || break; done
    cat <&3 >"$7"' bash "$host" "$number" "$path" "$authority" "$(wc -c <"$1" | tr -cd 0-9)" "$1" "$folder/answer" 2>&1
}

# The first call: hands the ticket in, and brings what the task is to run. Nobody can run anything before that, so it is tried
# for a quarter of an hour; a node isn't kept for ever.
fetch_parcel() {
  make_secret || fail_call 70 "There is no random number on $node."
  choose_speaker || fail_call 72 "Nothing on $node speaks HTTP: it needs curl, wget or, without TLS, bash."
  printf 'ticket=%s\nsecret=%s\nstep=0\n\n' "$ticket" "$call_secret" >"$folder/said"
  tries=0 pause=1
  until post "$folder/said" && [ "$answer" = 200 ] && unpack; do
    say "the platform gave no task ($answer)"
    case $answer in
    400 | 403 | 404 | 409) fail_call 77 "The platform has no such task any more ($answer)." ;;
    # It won't be another one in a quarter of an hour.
    untrusted) fail_call 76 "The platform's certificate isn't believed on $node." ;;
    esac
    tries=$((tries + pause))
    [ "$tries" -lt 900 ] || fail_call 69 "The platform can't be reached from $node ($answer)."
    nap "$pause"
    [ -z "$stop" ] || fail_call 69 "It was asked to end before it began ($stop)."
    pause=$((pause * 2))
    [ "$pause" -le 30 ] || pause=30
  done
  rm -f "$folder/said" "$folder/answer"
  step=1 ticket=''
}

# Who reads exit codes alone learns what was wrong.
fail_call() {
  say "$2"
  drop_folder
  exit "$1"
}

# A file begins with `=NAME`; its lines follow, each after a blank, one without a line end after a dash. A dot ends it all.
unpack() {
  file='' is_whole=''
  while IFS= read -r line; do
    case $line in
    =command | =stdin | =env | =auth | =after | =settings) file=$folder/${line#=} && : >"$file" ;;
    ' '*) [ -z "$file" ] || printf '%s\n' "${line#?}" >>"$file" ;;
    -*) [ -z "$file" ] || printf %s "${line#?}" >>"$file" ;;
    .) is_whole=yes ;;
    esac
  done <"$folder/answer"
  [ -n "$is_whole" ]
}

# In the background: who waits for the network misses no signal and no end.
start_teller() {
  [ -n "$call_url" ] || return 0
  teller_loop &
  teller=$!
}

teller_loop() {
  trap '' TERM INT HUP USR2 ALRM XCPU
  trap 'news=yes; [ -z "$sleeper" ] || end_sleep' USR1
  told='' pause=1 news='' sleeper=''
  while :; do
    text=$(cat "$folder/status" 2>/dev/null)
    if [ "$text" = "$told" ] || [ -z "$text" ]; then
      nap "$heartbeat"
      continue
    fi
    tell "$text"
    case $answer in
    204)
      step=$((step + 1)) told=$text pause=1
      case $told in *phase=ended*) return 0 ;; esac
      continue
      ;;
    # An earlier try had arrived, and its answer was lost: the next one says how it is by now.
    409) step=$((step + 1)) ;;
    400 | 403 | 404 | 413)
      say "the platform wants to hear no more ($answer)"
      return 0
      ;;
    esac
    nap "$pause"
    pause=$((pause * 2))
    [ "$pause" -le 120 ] || pause=120
    # The end is waited for, and only for a moment: it is told as soon as anybody listens.
    case $text in *phase=ended*) [ "$pause" -le 8 ] || pause=8 ;; esac
  done
}

# tell STATUS: one step, with the end of the log
tell() {
  {
    printf 'secret=%s\nstep=%s\n' "$call_secret" "$step"
    [ "$(phase_in "$1")" = "$(phase_in "$told")" ] || printf 'urgent=yes\n'
    [ "$(phase_in "$1")" != ended ] || printf 'final=yes\n'
    printf '\n%s\n\n' "$1"
    [ ! -r "$folder/log" ] || tail -c 32768 "$folder/log"
  } >"$folder/said" 2>/dev/null
  post "$folder/said"
  rm -f "$folder/said"
}

# phase_in STATUS
phase_in() {
  case $1 in
  *phase=*) rest=${1#*phase=} && printf %s "${rest%%[!a-z]*}" ;;
  esac
}

# Sleeps until somebody has news.
nap() {
  sleep "$1" &
  sleeper=$!
  [ -n "$news" ] || wait "$sleeper" 2>/dev/null
  end_sleep
  reap "$sleeper"
  sleeper='' news=''
}

tell_news() { [ -z "$teller" ] || kill -s USR1 "$teller" 2>/dev/null; }

# The last word gets a minute. When it is lost, the scheduler still knows the end.
end_calls() {
  [ -z "$teller" ] || let_end "$teller" 60
  drop_folder
}

drop_folder() { [ -z "$own_folder" ] || remove_folder "$folder"; }
