# shellcheck shell=bash
# Each home is a file system of its own in a sparse file: it can be full while the neighbours' are not. (Not in memory: what a job
# writes to its home must not count against the memory of the job.)

mount_homes() {
	local user id=$first_uid
	mkdir -p "$dir"/{home,images}
	for user in "${users[@]}"; do
		mkdir -p "$dir/home/$user"
		mountpoint -q "$dir/home/$user" || mount_home "$user" "$id"
		id=$((id + 1))
	done
	mkdir -p "$dir/scratch"
	chmod 1777 "$dir/scratch"
}

mount_home() {
	local user=$1 id=$2 image=$dir/images/$1 home=$dir/home/$1
	[[ -e $image ]] || make_image "$image"
	mount -o loop "$image" "$home"
	# Which is not there in an ordinary home.
	rm -rf "$home/lost+found"
	chown "$id:$id" "$home"
	chmod 700 "$home"
	install -d -o "$id" -g "$id" -m 700 "$home/.ssh"
	install -o "$id" -g "$id" -m 600 "$dir/keys/user-$user" "$home/.ssh/id_ed25519"
}

make_image() {
	truncate --size "${home_mb}M" "$1"
	# -m 0: no blocks that only root may take. Without a journal, it is made and filled in no time.
	mkfs.ext4 -q -m 0 -O ^has_journal -E nodiscard "$1"
}

fill_home() {
	known_user "${1:-}"
	local filler=$dir/home/$1/.filled free
	free=$(df --output=avail --block-size=1 "$dir/home/$1" | tail -n 1)
	# The bulk without writing it, then block by block to the last one.
	((free < 1 << 20)) || fallocate --length $((free - (1 << 19))) "$filler"
	dd if=/dev/zero of="$filler" bs=4096 oflag=append conv=notrunc status=none 2>/dev/null || true
	say "$(df --output=avail --block-size=1 "$dir/home/$1" | tail -n 1) bytes free in the home of $1"
}

free_home() { known_user "${1:-}"; rm -f "$dir/home/$1/.filled"; }
