# Sourced by every bed. A bed is a real system for tests, with its own folder, started and removed by one command each:
#   BED up | down | env        eval "$(BED env)" lets a shell use it
set -euo pipefail

bed=$(basename "$0")
here=$(dirname "$(readlink -f "$0")")
# Short, since sockets live below it and their path may have 107 bytes at most.
dir=${STELE_BEDS:-/var/tmp/stele-beds}/$bed

say() { printf '%s: %s\n' "$bed" "$*" >&2; }
fail() { say "$*"; exit 1; }

as_root() { if ((EUID == 0)); then "$@"; else sudo -- "$@"; fi; }

# need PACKAGE… : installed where missing, since a newcomer's machine has none of them
need() {
	local missing=() package known
	# Of all at once: each question reads the whole database.
	known=$(dpkg-query --show --showformat '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null) || true
	for package; do
		[[ $'\n'$known$'\n' == *$'\n'"$package installed"$'\n'* ]] || missing+=("$package")
	done
	((${#missing[@]})) || return 0
	say "installing ${missing[*]} …"
	mkdir -p "$dir"
	{ as_root apt-get -q update && as_root /usr/bin/env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends \
		-o DPkg::Lock::Timeout=600 "${missing[@]}"; } >"$dir/apt.log" 2>&1 || { tail -n 20 "$dir/apt.log" >&2; fail "apt-get failed"; }
}

# until_true SECONDS COMMAND… : its answer within that time, else a failure
until_true() {
	local deadline=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		((SECONDS < deadline)) || return 1
		sleep 0.1
	done
}

# start_daemon NAME COMMAND… : in its own session, so that it outlives this shell; its output in NAME.log
start_daemon() {
	local name=$1
	shift
	setsid "$@" </dev/null >"$dir/$name.log" 2>&1 &
	echo $! >"$dir/$name.pid"
}

# running NAME COMMAND : is the process we noted still that program, not one that got its number
running() {
	local pid
	pid=$(cat "$dir/$1.pid" 2>/dev/null) || return 1
	[[ $(cat "/proc/$pid/comm" 2>/dev/null) == "$2" ]] && ! grep -q '^State:.Z' "/proc/$pid/status"
}

# stop_daemon NAME COMMAND SECONDS : asked first, killed when that takes longer
stop_daemon() {
	local pid
	if running "$1" "$2"; then
		pid=$(cat "$dir/$1.pid")
		kill "$pid"
		until_true "$3" not running "$1" "$2" || kill -KILL "$pid"
	fi
	rm -f "$dir/$1.pid"
}

not() { ! "$@"; }

# remove_folder : what is still mounted below it goes first, so that nothing behind a mount is deleted
remove_folder() {
	awk '{ print $5 }' /proc/self/mountinfo | grep -F -- "$dir/" | sort -r | while read -r mount; do
		umount -l "$(printf '%b' "${mount//\\/\\0}")"
	done || true
	rm -rf --one-file-system -- "$dir"
}

export_line() { printf 'export %s=%q\n' "$1" "$2"; }

# crun refuses cgroup v1 as long as an (empty) unified hierarchy is mounted beside it. Out of its sight, it runs.
crun_for_this_machine() {
	if ((EUID != 0)) || ! mountpoint -q /sys/fs/cgroup/unified; then
		command -v crun
		return
	fi
	mkdir -p "$dir/bin"
	printf '#!/bin/sh\nexec unshare --mount --propagation slave sh -c %s crun "$@"\n' \
		"'umount /sys/fs/cgroup/unified && exec /usr/bin/crun \"\$@\"'" >"$dir/bin/crun"
	chmod +x "$dir/bin/crun"
	echo "$dir/bin/crun"
}

# dispatch COMMAND ARGUMENT… : one of $commands, each a function of that name
dispatch() {
	local command=${1:-}
	[[ $command && " ${commands:-up down env} " == *" $command "* ]] || fail "say one of: ${commands:-up down env}"
	"${command//-/_}" "${@:2}"
}
