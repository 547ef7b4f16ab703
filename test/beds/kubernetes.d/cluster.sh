# shellcheck shell=bash
# What this cluster is: its names and addresses. Everything else reads these and changes none.

name=${KUBE_NAME:-kube} net=${KUBE_NET:-10.79}
[[ $name =~ ^[a-z][a-z0-9]{0,5}$ ]] || fail "KUBE_NAME is a letter and at most five more letters or digits"

dir+=-$name
cache=${STELE_BEDS_CACHE:-/var/tmp/stele-beds-cache}
binaries=$cache/kubernetes-bin
tree=$cache/kubernetes
archives=$cache/kubernetes-images
role=$here/../../plugins/computing/kubernetes/role.yaml

platform=$net.0.1 node=$net.0.2 pods=$net.1.0/24 pod_gateway=$net.1.1 services=$net.128.0/20 first_service=$net.128.1
port=6443
server=https://$node:$port
toleration=${KUBE_TOLERATION:-5}

# locked FILE COMMAND… : one at a time, and what the command leaves running doesn't hold on to the lock
locked() {
	mkdir -p "$(dirname "$1")"
	{ flock 9 && "${@:2}" 9>&-; } 9>"$1"
}

# Prints why this machine can't run the bed, or nothing.
missing() {
	if ((EUID != 0)); then echo "only root can make namespaces and mounts for the Kubernetes cluster"
	elif [[ $(uname -m) != x86_64 ]]; then echo "the Kubernetes cluster has been built for x86-64 alone"
	elif ! command -v apt-get >/dev/null; then echo "the Kubernetes cluster is made from Debian's packages, and there is no apt-get"
	elif ! mountpoint -q /sys/fs/cgroup/memory; then echo "the Kubernetes cluster needs control groups of version 1"
	elif ! unshare --mount --net --pid --fork true 2>/dev/null; then echo "no namespaces can be made here"
	fi
}

check_machine() {
	local why
	why=$(missing)
	[[ -z $why ]] || fail "$why"
}

mirror() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 '/debian/$'; }

# recipe FILE… : changes whenever one of them does
recipe() { cat "$@" | sha256sum | cut -d ' ' -f 1; }
