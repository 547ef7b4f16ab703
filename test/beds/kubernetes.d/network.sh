# shellcheck shell=bash
# One link from this machine to the cluster's host. Pods have a network behind it, without a way out; this machine has no way to them, unless
# it is exposed.

make_network() {
	# Nothing for these addresses ever leaves the machine, also when the cluster is down: the route stays.
	ip route replace unreachable "$net.0.0/16"
	[[ ! -e /run/netns/$name ]] || return 0
	ip netns add "$name"
	ip link add "${name}0" type veth peer name eth0 netns "$name"
	ip address add "$platform/30" dev "${name}0"
	ip link set "${name}0" up
	ip -n "$name" link set lo up
	ip -n "$name" address add "$node/30" dev eth0
	ip -n "$name" link set eth0 up
	ip -n "$name" link add pods type bridge
	ip -n "$name" address add "$pod_gateway/24" dev pods
	ip -n "$name" link set pods up
	# Where kube-proxy catches what goes to services.
	ip -n "$name" route add "$services" dev pods
	# Loads what kube-proxy needs: modules are the machine's.
	ip netns exec "$name" iptables -t nat -L >/dev/null 2>&1 || true
}

expose() { ip route replace "$pods" via "$node" dev "${name}0"; }
hide() { ip route delete "$pods" via "$node" 2>/dev/null || true; }

remove_network() {
	[[ ! -e /sys/class/net/${name}0 ]] || ip link delete "${name}0"
	[[ ! -e /run/netns/$name ]] || ip netns delete "$name"
}
