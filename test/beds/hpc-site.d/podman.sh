# shellcheck shell=bash
# SITE_PODMAN=1: a tree of its own with rootless Podman beside Apptainer. The other trees stay as they are.

if [[ ${SITE_PODMAN:-0} == 1 ]]; then
	tree+=-podman
	packages+=(podman crun passt uidmap netavark aardvark-dns catatonit)
fi
