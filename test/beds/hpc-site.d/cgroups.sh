# shellcheck shell=bash
# Control groups of version 1: one group a host in each hierarchy. Inside, a host sees its own group as the root.

readonly HIERARCHIES=(cpu cpuacct cpuset memory devices freezer blkio pids)

make_cgroups() {
	local host=$1 hierarchy file
	for hierarchy in "${HIERARCHIES[@]}"; do mkdir -p "$(cgroup "$hierarchy" "$host")"; done
	# A new cpuset is empty, and nothing can enter an empty one.
	for file in cpuset.cpus cpuset.mems; do cat "/sys/fs/cgroup/cpuset/$file" >"$(cgroup cpuset "$host")/$file"; done
	[[ $host == login ]] || echo $((node_mb << 20)) >"$(cgroup memory "$host")/memory.limit_in_bytes"
}

cgroup() { echo "/sys/fs/cgroup/$1/$name-$2"; }

# This shell, and with it what it starts.
enter_cgroups() {
	local hierarchy
	for hierarchy in "${HIERARCHIES[@]}"; do echo $BASHPID >"$(cgroup "$hierarchy" "$1")/cgroup.procs"; done
}

# A group can be removed only after the kernel has let go of its last process, a moment after that is gone.
remove_cgroups() {
	local hierarchy folder
	for hierarchy in "${HIERARCHIES[@]}"; do
		folder=$(cgroup "$hierarchy" "$1")
		until_true 10 remove_cgroup "$folder" || fail "can't remove $folder"
	done
}

remove_cgroup() {
	[[ -d $1 ]] || return 0
	find "$1" -depth -type d -exec rmdir '{}' +
}
