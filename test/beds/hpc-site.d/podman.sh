# shellcheck shell=bash
# SITE_PODMAN=1: a tree of its own with rootless Podman beside Apptainer. The other trees stay as they are.

if [[ ${SITE_PODMAN:-0} == 1 ]]; then
	tree+=-podman
	packages+=(podman crun passt uidmap netavark aardvark-dns catatonit)
fi

# Each host has a store of its own: the homes are everybody's, and two hosts that share a store break each other's containers.
write_podman() {
	local host folder
	for host in "${hosts[@]}"; do
		folder=$dir/hosts/$host/upper/etc/containers
		mkdir -p "$folder"
		printf '[storage]\ndriver = "overlay"\nrootless_storage_path = "/tmp/containers-$UID"\n' >"$folder/storage.conf"
	done
}
