# shellcheck shell=bash
# What this site is: its names, addresses and sizes. Everything else reads these and changes none.

suite=${SITE_SUITE:-trixie}
case $suite in
bookworm) name=hpcb net=10.98 accounting=1 ;;
trixie) name=hpct net=10.99 accounting='' ;;
sid) name=hpcs net=10.95 accounting='' ;;
*) fail "SITE_SUITE is bookworm, trixie or sid" ;;
esac
twin=${SITE_TWIN:-}
[[ $twin =~ ^[1-4]?$ ]] || fail "SITE_TWIN is a digit from 1 to 4"
[[ -z $twin ]] || name+=$twin net=10.$((${net#10.} + 20 * twin))
name=${SITE_NAME:-$name} net=${SITE_NET:-$net}
[[ $name =~ ^[a-z][a-z0-9]{0,5}$ ]] || fail "SITE_NAME is a letter and at most five more letters or digits"

dir+=-$name
cache=${STELE_BEDS_CACHE:-/var/tmp/stele-beds-cache}
tree=$cache/$suite

node_count=${SITE_NODES:-2} node_mb=${SITE_NODE_MB:-2000} home_mb=${SITE_HOME_MB:-4000}
# An `eval "$(hpc-site env)"` before leaves the nodes' names here.
[[ $node_count =~ ^[1-9]$ ]] || node_count=$(wc -w <<<"$node_count")

# The platform's host and the login node share one network, the login node and the compute nodes another.
platform=$net.0.1 login=$net.0.2
users=(alice bob stele)
first_uid=2001
nodes=()
for ((number = 1; number <= node_count; number++)); do nodes+=("node$number"); done
hosts=(login "${nodes[@]}")

# The address in the site's own network.
address_of() {
	if [[ $1 == login ]]; then echo "$net.1.1"; else echo "$net.1.$((10 + ${1#node}))"; fi
}

known_host() { [[ " ${hosts[*]} " == *" ${1:-} "* ]] || fail "no host ${1:-}; there are: ${hosts[*]}"; }
known_user() { [[ " ${users[*]} " == *" ${1:-} "* ]] || fail "no user ${1:-}; there are: ${users[*]}"; }

# locked FILE COMMAND… : one at a time, and what the command leaves running doesn't hold on to the lock
locked() {
	mkdir -p "$(dirname "$1")"
	{ flock 9 && "${@:2}" 9>&-; } 9>"$1"
}

# Prints why this machine can't run the bed, or nothing.
missing() {
	if ((EUID != 0)); then echo "only root can make namespaces and mounts for the HPC site"
	elif ! command -v apt-get >/dev/null; then echo "the HPC site is made from Debian's packages, and there is no apt-get"
	elif ! mountpoint -q /sys/fs/cgroup/memory; then echo "the HPC site needs control groups of version 1"
	elif ! unshare --mount --net --pid --fork true 2>/dev/null; then echo "no namespaces can be made here"
	elif [[ ! -e /dev/loop-control ]]; then echo "no loop devices for the homes of the HPC site"
	fi
}

check_machine() {
	local why
	why=$(missing)
	[[ -z $why ]] || fail "$why"
}
