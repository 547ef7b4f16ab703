# Sourced by the beds whose server is moto, after lib.sh: Python's own where there is one, else Debian's, in a tree of its own. It is
# in no release that the project runs on.
cache=${STELE_BEDS_CACHE:-/var/tmp/stele-beds-cache}
tree=$cache/moto

# start_moto NAME SCRIPT FILE… -- ARGUMENT… : runs SCRIPT with the FILEs beside it; @ in an argument is the folder they are in
start_moto() {
	local name=$1 script=$2 python at files=()
	shift
	while [[ $1 != -- ]]; do
		files+=("$1")
		shift
	done
	shift
	python=$(python3 -c 'import moto.server, sys; print(sys.executable)' 2>/dev/null) || python=
	if [[ $python ]]; then
		at=$dir
		beside "$at" "${files[@]}"
		start_daemon "$name" "$python" "$at/$(basename "$script")" "${@//@/"$at"}"
	else
		((EUID == 0)) || fail "without a Python that has moto it needs root"
		make_tree
		at=/beds/$(basename "$dir")
		mkdir -p "$tree$at"
		beside "$tree$at" "${files[@]}"
		start_daemon "$name" chroot "$tree" python3 "$at/$(basename "$script")" "${@//@/"$at"}"
	fi
}

# beside FOLDER FILE… : copies, of those that aren't there already
beside() {
	local file
	for file in "${@:2}"; do
		[[ $(dirname "$file") == "$1" ]] || cp "$file" "$1/"
	done
}

make_tree() {
	[[ ! -e $tree/usr/bin/python3 ]] || return 0
	need mmdebstrap
	local mirror
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 '/debian/$')
	say "making a tree with moto, once (a minute) …"
	mkdir -p "$cache"
	rm -rf --one-file-system -- "$tree.new"
	mmdebstrap --variant=minbase --mode=root \
		--include=python3-moto,python3-flask,python3-flask-cors,python3-werkzeug,python3-docker,python3-openapi-spec-validator \
		--aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' trixie "$tree.new" \
		"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" >"$cache/moto.log" 2>&1 ||
		{ tail -n 20 "$cache/moto.log" >&2; fail "no tree, see $cache/moto.log"; }
	mv "$tree.new" "$tree"
}
