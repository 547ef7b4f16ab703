# shellcheck shell=bash
# No package of Debian has an API server. Its source package does, with all that it needs: it is compiled once (about ten minutes on
# two cores) in a tree that is thrown away afterwards.

readonly BUILD_PACKAGES=golang-1.19-go,golang-1.19-src,gcc,libc6-dev,dpkg-dev

build_kubernetes() {
	local wanted
	wanted=$(recipe "$parts"/build/*)
	[[ $(cat "$binaries/.recipe" 2>/dev/null) != "$wanted" ]] || return 0
	say "compiling Kubernetes, once (about ten minutes) …"
	rm -rf -- "$binaries.new"
	mkdir -p "$binaries.new"
	compile "$binaries.new" >"$binaries.log" 2>&1 || { tail -n 20 "$binaries.log" >&2; fail "no Kubernetes, see $binaries.log"; }
	echo "$wanted" >"$binaries.new/.recipe"
	rm -rf -- "$binaries"
	mv "$binaries.new" "$binaries"
}

compile() {
	local target=$1 source
	source="[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) bookworm main"
	TMPDIR=$cache nice -n 10 mmdebstrap --variant=minbase --mode=root --format=null --include="$BUILD_PACKAGES" \
		--aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' \
		--customize-hook="copy-in $parts/build /" --customize-hook='chroot "$1" bash /build/compile' \
		--customize-hook="copy-out /build/out/kubernetes /build/out/pause $target" \
		bookworm /dev/null "deb $source" "deb-src $source"
}
