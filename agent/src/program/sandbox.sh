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

# Credentials for registries leave the shared folder before anything runs. Whoever uses them removes them here.
take_auth() {
  [ -e "$folder/auth" ] || return 0
  { mkdir "$sandbox/auth" && cat "$folder/auth" >"$sandbox/auth/config.json"; } || fail "The disk of $node is full."
  rm -f "$folder/auth"
}

# For an interface that nobody else on this node gets to. Whoever connects names its path, and 107 bytes are the most.
make_socket_folder() {
  [ -n "$want_socket" ] || return 0
  mkdir "$sandbox/sockets" || fail "The disk of $node is full."
  socket=$sandbox/sockets/interface
  [ "${#socket}" -le 107 ] || fail "The path $socket is too long for a socket: another scratch folder is needed."
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
