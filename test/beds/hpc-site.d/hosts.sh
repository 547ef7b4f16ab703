# shellcheck shell=bash
# A host: a tree of processes in namespaces of its own, over a copy-on-write layer of the suite's tree.

readonly HOST_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# All at once: nodes wait for the controller by themselves.
boot_all() {
	local host starting=()
	for host in "${hosts[@]}"; do
		boot "$host" &
		starting+=($!)
	done
	for host in "${starting[@]}"; do wait "$host" || fail "a host doesn't start"; done
}

boot() {
	known_host "${1:-}"
	local host=$1
	! alive "$host" || return 0
	mkdir -p "$dir/hosts/$host"/{upper,work,root,tmp}
	make_cgroups "$host"
	launch "$host" </dev/null >"$dir/hosts/$host/console" 2>&1 &
	until_true 60 is_up "$host" || { cat "$dir/hosts/$host/console" >&2; fail "$host doesn't start"; }
}

# Without this machine's TMPDIR: MariaDB believes it, and the host has no such folder.
launch() {
	enter_cgroups "$1"
	exec env -u TMPDIR setsid nsenter --net="/run/netns/$name-$1" unshare --uts --ipc --cgroup --mount --pid --fork --kill-child \
		bash "$parts/host/enter" "$1" "$dir" "$tree" "${HIERARCHIES[*]}"
}

is_up() { alive "$1" && [[ -e /proc/$(host_pid "$1")/root/run/up ]]; }

# The first process of the host as this machine numbers it: the one we noted, unless its number went to another.
alive() { [[ -e $dir/hosts/$1/pid && /proc/$(host_pid "$1")/ns/net -ef /run/netns/$name-$1 ]]; }
host_pid() { cat "$dir/hosts/$1/pid"; }

crash() {
	known_host "${1:-}"
	local host=$1
	! has_namespace "$host" || until_true 20 kill_all "$host" || fail "processes of $host won't die"
	rm -f "$dir/hosts/$host/pid"
	remove_cgroups "$host"
}

# True when there was nothing left to kill.
kill_all() {
	local processes
	processes=$(ip netns pids "$name-$1")
	[[ -n $processes ]] || return 0
	# shellcheck disable=SC2086 # a list of numbers; one may be gone by now
	kill -KILL $processes 2>/dev/null || true
	return 1
}

on() {
	known_host "${1:-}"
	local host=$1
	shift
	alive "$host" || fail "$host is down"
	nsenter --target "$(host_pid "$host")" --mount --uts --ipc --net --pid --cgroup --wdns=/ -- \
		/usr/bin/env -i PATH="$HOST_PATH" HOME=/root "$@"
}

as() {
	local user=${1:-} host=${2:-}
	known_user "$user"
	shift 2
	on "$host" runuser -u "$user" -- /usr/bin/env -C "/home/$user" HOME="/home/$user" USER="$user" LOGNAME="$user" "$@"
}

# A node that an earlier test left drained is taken back.
all_nodes_answer() {
	local states
	states=$(on login sinfo --noheader --Node --partition debug --format %T)
	! grep -q '^drain' <<<"$states" || on login scontrol update "nodename=node[1-$node_count]" state=resume
	[[ $(grep -cE '^(idle|mixed|allocated)$' <<<"$states") == "$node_count" ]]
}
