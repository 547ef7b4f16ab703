# shellcheck shell=bash
# Images of the cluster's own: `pause`, which holds a pod's namespaces open, and a task's, which runs the script in its variable SCRIPT.

make_images() {
	local wanted work
	wanted=$(recipe "$parts/images.sh" "$binaries/pause" /bin/busybox)
	[[ $(cat "$archives/.recipe" 2>/dev/null) != "$wanted" ]] || return 0
	rm -rf -- "$archives"
	mkdir -p "$archives"
	work=$(mktemp -d "$cache/images.XXXXXX")
	install -D "$binaries/pause" "$work/pause/pause"
	make_image pause localhost/pause:1 "$work/pause" '{"Entrypoint":["/pause"],"User":"65535:65535"}'
	make_root "$work/task"
	make_image task localhost/stele/tiny-task:1 "$work/task" '{"Env":["PATH=/bin"],"Cmd":["sh","-c","eval \"$SCRIPT\""]}'
	rm -rf -- "$work"
	echo "$wanted" >"$archives/.recipe"
}

make_root() {
	local applet
	mkdir -p "$1"/{bin,etc,tmp,root,proc,sys,dev}
	chmod 1777 "$1/tmp"
	cp /bin/busybox "$1/bin/"
	for applet in $(/bin/busybox --list); do [[ $applet == busybox ]] || ln -s busybox "$1/bin/$applet"; done
	printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/tmp:/bin/sh\n' >"$1/etc/passwd"
	printf 'root:x:0:\nuser:x:1000:\n' >"$1/etc/group"
}

# make_image FILE NAME ROOT CONFIGURATION : an archive as `docker save` writes it, with one layer
make_image() {
	local work layer config
	work=$(mktemp -d "$cache/image.XXXXXX")
	tar --numeric-owner --owner=0 --group=0 --sort=name --mtime=@0 -C "$3" -cf "$work/layer.tar" .
	layer=$(sha256sum "$work/layer.tar" | cut -d ' ' -f 1)
	printf '{"architecture":"amd64","os":"linux","created":"1970-01-01T00:00:00Z","config":%s,"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"1970-01-01T00:00:00Z"}]}' \
		"$4" "$layer" >"$work/config"
	config=$(sha256sum "$work/config" | cut -d ' ' -f 1).json
	mv "$work/config" "$work/$config"
	printf '[{"Config":"%s","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$config" "$2" >"$work/manifest.json"
	tar -C "$work" -cf "$archives/$1.tar" manifest.json "$config" layer.tar
	rm -rf -- "$work"
}

load_images() { load "$archives/task.tar"; }

load() { exec_ ctr --namespace k8s.io images import - <"$1" >/dev/null; }
