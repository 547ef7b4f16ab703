# shellcheck shell=bash
# Two networks: $net.0.0/24 from the platform's host to the login node, $net.1.0/24 (a bridge in a namespace of its own) within the site.

make_network() {
	local host
	# Nothing for these addresses ever leaves the machine, also when the site is down: the route stays.
	ip route replace unreachable "$net.0.0/16"
	has_namespace switch || make_switch
	for host in "${hosts[@]}"; do
		has_namespace "$host" || make_host_network "$host"
		plug "$host"
	done
	[[ -e /sys/class/net/${name}0 ]] || make_uplink
	ip netns exec "$name-login" sysctl -qw net.ipv4.ip_forward="${SITE_OUT:-1}"
}

has_namespace() { [[ -e /run/netns/$name-$1 ]]; }

make_switch() {
	[[ ! -e /sys/class/net/${name}0 ]] || fail "another site uses the name $name; set SITE_NAME and SITE_NET"
	ip netns add "$name-switch"
	ip -n "$name-switch" link add bridge type bridge
	ip -n "$name-switch" link set bridge up
}

make_host_network() {
	local host=$1 namespace=$name-$1
	ip netns add "$namespace"
	ip -n "$namespace" link set lo up
	ip link add eth1 netns "$namespace" type veth peer name "$host" netns "$name-switch"
	ip -n "$name-switch" link set "$host" master bridge
	ip -n "$namespace" addr add "$(address_of "$host")/24" dev eth1
	ip -n "$namespace" link set eth1 up
	[[ $host == login ]] || ip -n "$namespace" route add "$net.0.0/24" via "$(address_of login)"
}

make_uplink() {
	ip link add "${name}0" type veth peer name eth0 netns "$name-login"
	ip addr add "$platform/24" dev "${name}0"
	ip link set "${name}0" up
	ip -n "$name-login" addr add "$login/24" dev eth0
	ip -n "$name-login" link set eth0 up
}

unplug() { known_host "${1:-}"; ip -n "$name-switch" link set "$1" down; }
plug() { known_host "${1:-}"; ip -n "$name-switch" link set "$1" up; }

remove_network() {
	local host
	[[ ! -e /sys/class/net/${name}0 ]] || ip link delete "${name}0"
	for host in "${hosts[@]}" switch; do
		! has_namespace "$host" || ip netns delete "$name-$host"
	done
}
