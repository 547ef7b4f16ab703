# ── the port ─────────────────────────────────────────────────────────────────────────────────────────────────────────

# The port and the two after it are the task's. A lock keeps agents of this node from each other; what else may take a
# port between our look and the container's is noticed afterwards, and the loser tries again.

pick_port() {
  find_range
  sweep_locks
  slots=$(((high - low + 1) / 3))
  slot=$(random)
  tries=0
  while [ "$tries" -lt "$slots" ] && [ "$tries" -lt 500 ]; do
    port=$((low + 3 * ((slot + tries) % slots)))
    tries=$((tries + 1))
    lock_port || continue
    is_taken || return 0
    unlock_port
  done
  port=''
  return 1
}

# Below the ports that the kernel gives to outgoing connections, else above them.
find_range() {
  if is_number "$low" && is_number "$high" && [ "$low" -gt 1023 ] && [ "$high" -lt 65536 ] && [ "$((high - low))" -gt 1 ]; then return 0; fi
  # By `cat`: dash reads byte by byte, and the kernel gives a setting's first byte only.
  read -r from to <<RANGE
$(cat /proc/sys/net/ipv4/ip_local_port_range 2>/dev/null)
RANGE
  if ! is_number "$from" || ! is_number "$to"; then from=32768 to=60999; fi
  low=20000 high=$((from - 1))
  [ "$((high - low))" -lt 2000 ] || return 0
  low=$((to + 1)) high=65535
  [ "$((high - low))" -lt 2000 ] || return 0
  low=20000 high=32767
}

random() {
  number=$(od -An -N2 -tu2 /dev/urandom 2>/dev/null | tr -cd 0-9)
  is_number "$number" || number=$(($$ + $(now) % 10000))
  printf %s "$number"
}

# Ours once our name is in it, not before: a folder without a name may be swept away.
lock_port() {
  lock=/tmp/.stele-port-$port
  mkdir "$lock" 2>/dev/null || return 1
  mkdir "$lock/$owner" 2>/dev/null
}

unlock_port() {
  [ -z "$lock" ] || rmdir "$lock/$owner" "$lock" 2>/dev/null
  lock=''
}

sweep_locks() {
  for left in /tmp/.stele-port-*/by-*; do
    is_gone "${left##*/}" && rmdir "$left" "${left%/*}" 2>/dev/null
  done
}

# The kernel's table of what uses our ports here: number, address:port, peer, state, queues, timer, retries, user, …
port_table() {
  hex=$(printf '%04X|%04X|%04X' "$port" "$((port + 1))" "$((port + 2))")
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -E "^ *[0-9]+: [0-9A-F]+:($hex) "
}

is_taken() {
  if [ -r /proc/net/tcp ]; then
    [ -n "$(port_table)" ]
  else
    { ss -tan || netstat -tan; } 2>/dev/null | grep -qE "[:.]($port|$((port + 1))|$((port + 2))) "
  fi
}

# Whether somebody has one of our ports whom our container, which has ended, hasn't left there: its own last connections only fade away.
is_held() {
  if ! [ -r /proc/net/tcp ]; then is_taken; return; fi
  port_table | grep -qvE '^ *[0-9]+: [0-9A-F:]+ [0-9A-F:]+ 0[4569B] '
}

# Sets `listening`: what listens on our ports, as port@any, port@loopback, port@one (of the node's addresses), or
# port@foreign, which belongs to somebody else on this node. Root's is not foreign: it forwards to containers.
look_at_port() {
  [ -n "$port" ] && [ -r /proc/net/tcp ] || return 0
  listening=''
  while read -r _ where _ state _ _ _ whose _; do
    [ "$state" = 0A ] || continue
    case $where in
    00000000:* | 00000000000000000000000000000000:*) place=any ;;
    ??????7F:* | 00000000000000000000000001000000:* | 0000000000000000FFFF0000??????7F:*) place=loopback ;;
    *) place=one ;;
    esac
    [ "$whose" = "$uid" ] || [ "$whose" = 0 ] || place=foreign
    number=$((0x${where##*:}))
    case ,$listening, in
    *",$number@$place,"*) ;;
    *) listening=${listening:+$listening,}$number@$place ;;
    esac
  done <<TABLE
$(port_table)
TABLE
}

is_foreign() {
  [ "$want_port" = pick ] || return 1
  case ,$listening, in *",$port@foreign,"*) return 0 ;; esac
  return 1
}
