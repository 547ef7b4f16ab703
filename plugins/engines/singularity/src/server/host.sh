# Looks after containers and images of one account on one host. Run as `sh -c TEXT stele PROGRAM IMAGES VERB ARGUMENT…`;
# what is long or secret comes on standard input. Exit codes: 43 no program, 44 not there, 45 no room or right, 46 not ours.
set -u
umask 077
LC_ALL=C PATH=${PATH:+$PATH:}/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export LC_ALL PATH
program=$1 common=$2 verb=$3
images=${common:+$common/$(id -u)}
images=${images:-$HOME/.stele/images}
shift 3
containers=$HOME/.stele/containers
tab=$(printf '\t')

short_sleep() { sleep 0.1 2>/dev/null || sleep 1; }

need_program() {
  [ -n "$program" ] || program=$(command -v apptainer || command -v singularity) || exit 43
  command -v "$program" >/dev/null || exit 43
}

# ── the program and its images ───────────────────────────────────────────────────────────────────────────────────────

do_status() {
  need_program
  "$program" --version && uname -m
}

image_file() {
  case $1 in
  /*) printf %s "$1" ;;
  *) printf %s "$images/$1" ;;
  esac
}

# In a folder that all share, others may have made ours before us: what lies in it would run with our rights.
demand_own() {
  if [ -z "$common" ] || { [ ! -e "$images" ] && [ ! -L "$images" ]; }; then return 0; fi
  [ -n "$(find "$images" -prune -type d -user "$(id -u)" ! -perm -020 ! -perm -002 2>/dev/null)" ] || exit 46
}

do_has() { [ -e "$(image_file "$1")" ] || exit 44; }

# By what its registry knows it, where it is there.
do_look() {
  do_has "$1"
  do_digest "$1"
}

# fits ARCHITECTURE: whether the image is for it; absent: for this machine. One without an index is fetched whatever it is for.
fits() {
  wanted=$1
  case $wanted$(uname -m) in
  x86_64) wanted=amd64 ;;
  aarch64) wanted=arm64 ;;
  esac
  set -- "$(find "$work/cache/cache/blob/blobs" -type f -size -512 -exec grep -l '"rootfs"' {} + 2>/dev/null | head -n 1)"
  has=$(sed -n 's/.*"architecture": *"\([a-z0-9]*\)".*/\1/p' "$1" 2>/dev/null | head -n 1)
  [ -z "$has" ] || [ -z "$wanted" ] || [ "$has" = "$wanted" ]
}

# keep_digest INDEX FILE: by what the registry knows the image. The image's own file doesn't say.
keep_digest() {
  rm -f "$2"
  sed -n 's/.*"digest": *"\(sha256:[0-9a-f]\{64\}\)".*/\1/p' "$1" 2>/dev/null | tail -n 1 >"$work/digest"
  [ ! -s "$work/digest" ] || mv -f "$work/digest" "$2"
}

do_digest() { cat "$(image_file "$1").digest" 2>/dev/null || :; }

# make_file FILE URI ARCHITECTURE. Nearly all of the time goes into compression: its lowest level takes a third of it, for a
# file that is a tenth larger. Apptainer 1.4 and newer can be told so, when it builds.
make_file() {
  if "$program" build --help 2>/dev/null | grep -q -e --mksquashfs-args; then
    exec "$program" build ${3:+--arch "$3"} --mksquashfs-args '-Xcompression-level 1' "$1" "$2"
  fi
  exec "$program" pull ${3:+--arch "$3"} "$1" "$2"
}

# pull FILE URI ARCHITECTURE; name and password, if any, on standard input. Who comes second waits for the first.
do_pull() {
  need_program
  file=$(image_file "$1")
  IFS= read -r username && IFS= read -r password && export APPTAINER_DOCKER_USERNAME="$username" \
    APPTAINER_DOCKER_PASSWORD="$password" SINGULARITY_DOCKER_USERNAME="$username" SINGULARITY_DOCKER_PASSWORD="$password"
  [ -z "${4-}" ] || export APPTAINER_NOHTTPS=1 SINGULARITY_NOHTTPS=1
  mkdir -p "$images" || exit 45
  demand_own
  lock=$images/.lock-${1##*/}
  until mkdir "$lock" 2>/dev/null; do
    [ -d "$lock" ] || [ -w "$images" ] || exit 45
    [ ! -e "$file" ] || exit 0
    # Whoever pulls touches the lock: one that was left behind isn't.
    [ -z "$(find "$lock" -prune -mmin +2 2>/dev/null)" ] || rmdir "$lock" 2>/dev/null
    echo 'STELE waits'
    sleep 1
  done
  trap 'rm -rf "$work"; rmdir "$lock" 2>/dev/null' EXIT
  trap 'exit 143' TERM INT HUP
  work=$(mktemp -d "$images/.work-XXXXXXXXXX") || exit 45
  [ ! -e "$file" ] || exit 0
  # A cache of its own: what stays in the account's fills the home, and this one tells the image's digest.
  export APPTAINER_TMPDIR="$work" SINGULARITY_TMPDIR="$work" APPTAINER_CACHEDIR="$work/cache" SINGULARITY_CACHEDIR="$work/cache"
  make_file "$work/image.sif" "$2" "$3" </dev/null 2>&1 &
  pull=$!
  trap 'kill "$pull" 2>/dev/null; wait "$pull"; exit 143' TERM INT HUP
  while kill -0 "$pull" 2>/dev/null; do
    sleep 1
    touch "$lock"
    printf 'STELE %s\n' "$(du -sk "$work" 2>/dev/null | cut -f1)" || kill "$pull"
  done
  wait "$pull" || exit 1
  fits "$3" || { echo 'the image is for other machines' && exit 1; }
  keep_digest "$work/cache/cache/blob/index.json" "$file.digest"
  mv -f "$work/image.sif" "$file" || exit 45
}

# ── containers ───────────────────────────────────────────────────────────────────────────────────────────────────────

# The files of a container come as `NAME LINES`, then that many lines.
receive() {
  while read -r name lines; do
    count=0
    while [ "$count" -lt "$lines" ]; do
      IFS= read -r line || return 1
      printf '%s\n' "$line" || return 1
      count=$((count + 1))
    done >"$1/$name" || return 1
  done
}

# start NAME IMAGE: makes its folder whole or not at all, and starts it once.
do_start() {
  need_program
  folder=$containers/$1
  if [ ! -d "$folder" ]; then
    [ -e "$(image_file "$2")" ] || exit 44
    mkdir -p "$containers" || exit 45
    new=$(mktemp -d "$containers/.new-XXXXXXXXXX") || exit 45
    receive "$new" || { rm -rf "$new"; exit 45; }
    do_digest "$2" >"$new/digest"
    mv -T "$new" "$folder" 2>/dev/null || rm -rf "$new"
  fi
  if mkdir "$folder/begun" 2>/dev/null; then detach; fi
  tries=0
  until grep -qsE '^phase=(running|ended)$' "$folder/status" || [ "$tries" -ge 150 ]; do
    tries=$((tries + 1))
    short_sleep
  done
}

# In a session of its own: it outlives us, and the connection that we came by.
detach() {
  if command -v setsid >/dev/null; then
    setsid sh "$folder/agent" "$folder" </dev/null >/dev/null 2>&1 &
  else
    nohup sh "$folder/agent" "$folder" </dev/null >/dev/null 2>&1 &
  fi
  echo "$!" >"$folder/begun/pid"
}

# Whether the agent of $folder runs, by its number and its command line: numbers are given again.
is_alive() {
  pid=''
  { read -r pid <"$folder/begun/pid"; } 2>/dev/null
  case $pid in '' | *[!0-9]*) return 1 ;; esac
  tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qxF "$folder"
}

do_observe() {
  need_program
  for name; do
    folder=$containers/$name
    printf 'container=%s\n' "$name"
    [ -d "$folder" ] || continue
    # Asked before the record is read: one that ends between leaves a record.
    if is_alive; then echo alive=yes; elif [ -d "$folder/begun" ]; then echo alive=no; else echo alive=never; fi
    printf 'digest=%s\n' "$(cat "$folder/digest" 2>/dev/null)"
    cat "$folder/status" 2>/dev/null
  done
  echo done=yes
}

do_find() {
  for entry in "$containers"/*/labels; do
    if [ -e "$entry" ] && grep -qxF "$1$tab$2" "$entry"; then
      entry=${entry%/labels}
      printf '%s\n' "${entry##*/}"
    fi
  done
}

do_stop() {
  folder=$containers/$1
  is_alive || return 0
  echo "$2" >"$folder/grace"
  kill -s TERM "$pid" 2>/dev/null
  tries=0
  while is_alive; do
    tries=$((tries + 1))
    # The agent insists by itself; only one that hangs gets here.
    [ "$tries" -lt "$((($2 + 15) * 10))" ] || kill -s KILL -- "-$pid" 2>/dev/null
    short_sleep
  done
}

do_remove() {
  folder=$containers/$1
  [ -d "$folder" ] || return 0
  do_stop "$1" 0
  rm -rf "$folder"
}

# log NAME LINES FOLLOW
do_log() {
  folder=$containers/$1
  [ -d "$folder" ] || exit 44
  lines=$2
  [ "$lines" = all ] && lines=+1
  if [ "$3" != yes ]; then
    [ ! -e "$folder/log" ] || tail -n "$lines" "$folder/log"
    return 0
  fi
  tail -n "$lines" -F "$folder/log" 2>/dev/null &
  reader=$!
  trap 'kill "$reader" 2>/dev/null' EXIT
  trap 'exit 143' TERM INT HUP PIPE
  while is_alive && kill -0 "$reader" 2>/dev/null; do sleep 1; done
  sleep 1
}

case $verb in has | look | digest | pull | start) demand_own ;; esac
"do_$verb" "$@"
