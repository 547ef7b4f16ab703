# shellcheck shell=bash
# The tree that the cluster's host has as its lower layer. Made once (half a minute) and kept in the cache.

readonly TREE_PACKAGES=etcd-server,containerd,runc,containernetworking-plugins,iptables,conntrack,socat,ethtool,ebtables,kmod,iproute2,procps,curl,busybox-static,kubernetes-client

make_tree() {
	local wanted
	wanted=$(recipe "$parts/tree.sh")
	[[ $(cat "$tree/.recipe" 2>/dev/null) != "$wanted" ]] || return 0
	say "making the tree of the cluster's host, once …"
	! grep -qsF "lowerdir=$tree," /proc/[0-9]*/mountinfo || fail "the recipe of the tree has changed; take down the clusters that run on it first"
	rm -rf --one-file-system -- "$tree" "$tree.new"
	bootstrap "$tree.new" >"$tree.log" 2>&1 || { tail -n 20 "$tree.log" >&2; fail "no tree, see $tree.log"; }
	echo "$wanted" >"$tree.new/.recipe"
	mv "$tree.new" "$tree"
}

bootstrap() {
	mmdebstrap --variant=minbase --mode=root --include="$TREE_PACKAGES" \
		--aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' \
		--customize-hook='rm -f "$1/etc/resolv.conf" && : >"$1/etc/resolv.conf"' \
		bookworm "$1" "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) bookworm main"
}
