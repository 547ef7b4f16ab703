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
