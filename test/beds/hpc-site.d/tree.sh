# shellcheck shell=bash
# The tree that all hosts of a suite share as their lower layer. Made once (about a minute) and kept in a cache, since it takes long.

packages=(
	slurmctld slurmd slurmrestd slurm-client slurm-wlm-jwt-plugin munge
	squashfuse fuse-overlayfs fuse3
	openssh-server iproute2 nftables iputils-ping procps hostname netbase
	curl python3-minimal busybox-static less
)
[[ -z $accounting ]] || packages+=(slurmdbd slurm-wlm-mysql-plugin mariadb-server)

make_tree() {
	local recipe
	recipe=$({ cat "$parts/tree.sh" "$parts/host/prepare" && echo "$accounting"; } | sha256sum | cut -d ' ' -f 1)
	[[ $(cat "$tree/.recipe" 2>/dev/null) != "$recipe" ]] || return 0
	say "making the tree of $suite, once (a minute or two) …"
	! tree_in_use || fail "the recipe of $suite has changed; take down the sites that run on it first"
	rm -rf --one-file-system -- "$tree" "$tree.new"
	bootstrap "$tree.new" >"$cache/$suite.log" 2>&1 || { tail -n 20 "$cache/$suite.log" >&2; fail "no tree of $suite, see $cache/$suite.log"; }
	echo "$recipe" >"$tree.new/.recipe"
	mv "$tree.new" "$tree"
}

tree_in_use() { grep -qsF "lowerdir=$tree," /proc/[0-9]*/mountinfo; }

bootstrap() {
	local target=$1 mirror source sources=()
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 '/debian/$')
	for source in "$suite" $(newer_suites); do
		sources+=("deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $source main")
	done
	preferences >"$cache/$suite.preferences"
	mmdebstrap --variant=minbase --mode=root --include="$(IFS=,; echo "${packages[*]}")" \
		--aptopt="APT::Default-Release \"$suite\"" --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' \
		--customize-hook="upload $cache/$suite.preferences /etc/apt/preferences.d/site" \
		--customize-hook="upload $parts/host/prepare /prepare" --customize-hook='chroot "$1" sh /prepare && rm "$1/prepare"' \
		"$suite" "$target" "${sources[@]}"
}

# Apptainer is in sid alone.
newer_suites() {
	case $suite in
	bookworm) echo trixie sid ;;
	trixie) echo sid ;;
	esac
}

# Apptainer needs glibc 2.38. Bookworm's is older; trixie's serves bookworm's programs too, and wants its base-files (so os-release says 13).
preferences() {
	[[ $suite != bookworm ]] || printf 'Package: base-files libc6 libc-bin locales libc-l10n\nPin: release n=trixie\nPin-Priority: 995\n'
}
