# Sourced by the beds whose server is moto, after lib.sh: Python's own where there is one, else Debian's, in a tree of its own. It is
# in no release that the project runs on.
# shellcheck source=test/beds/tree.sh
. "$here/tree.sh"
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
		make_tree "$tree" trixie python3-moto,python3-flask,python3-flask-cors,python3-werkzeug,python3-docker,python3-openapi-spec-validator
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
