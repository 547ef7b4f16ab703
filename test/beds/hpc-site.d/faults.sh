# shellcheck shell=bash
# What goes wrong at a site, on command, and back.

# Nothing of what an earlier run broke stays broken.
mend() {
	local host user
	for host in "${hosts[@]}"; do restore_host_key "$host"; done
	for user in "${users[@]}"; do free_home "$user"; done
	! is_up login || { start_controller; thaw_rest; start_rest; }
}

# Once it has read a changed configuration, Debian's newer controller goes by the name of its file.
readonly CONTROLLER='slurmctld.*'

stop_controller() {
	on login pkill -TERM -x "$CONTROLLER" || true
	until_true 30 controller_is_gone || fail "slurmctld doesn't end"
}

start_controller() {
	controller_is_gone || return 0
	on login runuser -u slurm -- slurmctld >/dev/null
	until_true 30 on login scontrol ping || fail "slurmctld doesn't answer"
}

stop_rest() {
	on login pkill -KILL -x slurmrestd || true
	until_true 10 rest_is_gone || fail "slurmrestd doesn't end"
}

start_rest() { ! rest_is_gone || on login bash /run/rest; }
rest_is_gone() { ! on login pgrep --runstates D,R,S,T -x slurmrestd >/dev/null; }

# Stopped in the middle of whatever it does: it accepts connections, and answers nothing.
freeze_rest() { on login pkill -STOP -x slurmrestd; }
thaw_rest() { on login pkill -CONT -x slurmrestd || true; }

# A zombie counts for nothing: the first process of a host collects them a moment late.
controller_is_gone() { ! on login pgrep --runstates D,R,S -x "$CONTROLLER" >/dev/null; }

change_host_key() {
	known_host "${1:-}"
	local key=$dir/keys/host-$1 file
	for file in "$key" "$key.pub" "$key-cert.pub"; do [[ -e $file.kept ]] || mv "$file" "$file.kept"; done
	rm -f "$key" "$key.pub" "$key-cert.pub"
	make_host_key "$1"
	reload_sshd "$1"
	public_key "$key.pub"
}

restore_host_key() {
	known_host "${1:-}"
	local key=$dir/keys/host-$1 file
	[[ -e $key.kept ]] || return 0
	for file in "$key" "$key.pub" "$key-cert.pub"; do mv "$file.kept" "$file"; done
	make_host_key "$1"
	reload_sshd "$1"
}

# Connections that are open stay.
reload_sshd() {
	is_up "$1" || return 0
	on "$1" sh -c 'kill -HUP "$(cat /run/sshd.pid)"'
	until_true 20 shows_key "$1" || fail "sshd of $1 doesn't take its new key"
}

shows_key() {
	on "$1" ssh-keyscan -t ed25519 127.0.0.1 2>/dev/null | grep -qF "$(public_key "$dir/keys/host-$1.pub")"
}

# One file of keys a user, the same on all hosts: the login node and the compute nodes accept the same.
authorize() {
	known_user "${1:-}"
	local key=${2:-$(cat "$dir/keys/platform.pub")}
	grep -qxF -- "$key" "$dir/etc/keys/$1" || printf '%s\n' "$key" >>"$dir/etc/keys/$1"
}

deauthorize() {
	known_user "${1:-}"
	local keys=$dir/etc/keys/$1 kept=''
	[[ -z ${2:-} ]] || kept=$(grep -vF -- "$(cut -d ' ' -f 1,2 <<<"$2")" "$keys" || true)
	# In place: the file may be replaced under a name that sshd reads at this moment, and stays readable.
	printf '%s\n' "$kept" >"$keys"
}

certify() {
	known_user "${1:-}"
	ssh-keygen -q -s "$dir/keys/ca" -I "$1" -n "$1" -V -5m:+1d "${2:?a file with a public key}"
}
