# shellcheck shell=bash
# The cluster's host: a tree of processes in namespaces of its own, over a copy-on-write layer of the tree. What grows lies beside that layer,
# since containers can't lie on an overlay.

# As the HPC site's hosts: one group in each hierarchy, and inside that looks like the root.
node_mb=${KUBE_MB:-4000}
# shellcheck source=test/beds/hpc-site.d/cgroups.sh
. "$here/hpc-site.d/cgroups.sh"

# containerd hears of memory that runs out only where this hierarchy is, too: it has no controller, but is systemd's.
named=/sys/fs/cgroup/systemd/$name-node1

start_host() {
	mkdir -p "$dir"/{upper,work,root,log,share} "$dir"/var/{containerd,kubelet,etcd,pods}
	write_etc
	make_cgroups node1
	! mountpoint -q "${named%/*}" || mkdir -p "$named"
	launch </dev/null >"$dir/log/host.log" 2>&1 &
	until_true 120 is_up || { cat "$dir/log/host.log" >&2; fail "the host doesn't start; see $dir/log"; }
}

launch() {
	enter_cgroups node1
	[[ ! -d $named ]] || echo $BASHPID >"$named/cgroup.procs"
	exec setsid nsenter --net="/run/netns/$name" unshare --uts --ipc --cgroup --mount --pid --fork --kill-child \
		bash "$parts/node/enter" "$dir" "$tree" "$binaries" "${HIERARCHIES[*]}"
}

# What all parts of the cluster read, as /bed there.
write_etc() {
	local file
	mkdir -p "$dir/etc"
	for file in "$parts"/etc/*; do
		sed -e "s|@NODE@|$node|g" -e "s|@PODS@|$pods|g" -e "s|@GATEWAY@|$pod_gateway|g" -e "s|@PLATFORM@|$platform|g" "$file" >"$dir/etc/${file##*/}"
	done
	cat >"$dir/etc/settings" <<-END
		node=$node port=$port services=$services toleration=$toleration
	END
	cp "$parts"/node/{init,parts} "$archives/pause.tar" "$dir/etc/"
}

is_up() { alive && [[ -e /proc/$(host_pid)/root/run/up ]]; }

# The first process of the host as this machine numbers it: the one we noted, unless its number went to another.
alive() { [[ -e $dir/pid && /proc/$(host_pid)/ns/net -ef /run/netns/$name ]]; }
host_pid() { cat "$dir/pid"; }

crash() {
	[[ ! -e /run/netns/$name ]] || until_true 20 kill_all || fail "processes of the cluster won't die"
	rm -f "$dir/pid"
	remove_cgroups node1
	until_true 10 remove_cgroup "$named" || fail "can't remove $named"
}

# True when there was nothing left to kill.
kill_all() {
	local processes
	processes=$(ip netns pids "$name")
	! alive || processes+=" $(host_pid)"
	[[ -n $processes ]] || return 0
	# shellcheck disable=SC2086 # a list of numbers; one may be gone by now
	kill -KILL $processes 2>/dev/null || true
	return 1
}

exec_() {
	alive || fail "the cluster is down"
	nsenter --target "$(host_pid)" --mount --uts --ipc --net --pid --cgroup --wdns=/ -- \
		/usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@"
}

kubectl() { "$tree/usr/bin/kubectl" --kubeconfig "$dir/conf/admin.conf" "$@"; }
