# Sourced by beds whose programs are in no release that the project runs on, or would be too much for a newcomer's machine: Debian's
# packages in a tree of their own, made once. After lib.sh.

# make_tree FOLDER SUITE PACKAGE,… : unless it is there. One at a time: tests that run beside each other want the same.
make_tree() {
	[[ ! -e $1/usr/bin ]] || return 0
	need mmdebstrap
	mkdir -p "$(dirname "$1")"
	{ flock 9 && build_tree "$@" 9>&-; } 9>"$1.lock"
}

build_tree() {
	local folder=$1 suite=$2 packages=$3 mirror log=$1.log
	# While we waited.
	[[ ! -e $folder/usr/bin ]] || return 0
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 '/debian/$')
	say "making a tree with $packages, once (a minute or two) …"
	rm -rf --one-file-system -- "$folder.new"
	mmdebstrap --variant=minbase --mode=root --include="$packages" \
		--aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' "$suite" "$folder.new" \
		"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$log" 2>&1 ||
		{ tail -n 20 "$log" >&2; fail "no tree, see $log"; }
	mv "$folder.new" "$folder"
}
