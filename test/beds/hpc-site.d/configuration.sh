# shellcheck shell=bash
# Keys and configuration files. What all hosts of the site see as /site is $dir/etc; the private keys in $dir/keys stay with the platform's host.

configure() {
	mkdir -p "$dir"/{keys,etc/keys}
	chmod 755 "$dir" "$dir/etc" "$dir/etc/keys"
	chmod 700 "$dir/keys"
	make_keys
	write_names
	write_ssh
	write_slurm
}

make_keys() {
	local host user
	[[ -e $dir/etc/munge.key ]] || (umask 077 && head -c 128 /dev/urandom >"$dir/etc/munge.key")
	# 32 bytes, as Slurm's own guide makes it. The platform signs with the copy in keys.
	[[ -e $dir/keys/jwt_hs256.key ]] || (umask 077 && head -c 32 /dev/urandom >"$dir/keys/jwt_hs256.key")
	install -m 600 "$dir/keys/jwt_hs256.key" "$dir/etc/jwt_hs256.key"
	make_key platform
	make_key ca
	for user in "${users[@]}"; do make_key "user-$user"; done
	for host in "${hosts[@]}"; do make_host_key "$host"; done
}

make_key() { [[ -e $dir/keys/$1 ]] || ssh-keygen -q -t ed25519 -N '' -C "$1" -f "$dir/keys/$1"; }

make_host_key() {
	local host=$1
	make_key "host-$host"
	[[ -e $dir/keys/host-$host-cert.pub ]] || ssh-keygen -q -s "$dir/keys/ca" -I "$host" -h -n "$(names_of "$host")" "$dir/keys/host-$host.pub"
	install -m 600 "$dir/keys/host-$host" "$dir/etc/host-$host"
	install -m 644 "$dir/keys/host-$host-cert.pub" "$dir/etc/host-$host-cert.pub"
}

names_of() { if [[ $1 == login ]]; then echo "login,$login,$(address_of login)"; else echo "$1,$(address_of "$1")"; fi; }

# The key without its comment.
public_key() { cut -d ' ' -f 1,2 "$1"; }

write_names() {
	local host
	{
		echo '127.0.0.1 localhost'
		echo "$platform platform"
		for host in "${hosts[@]}"; do echo "$(address_of "$host") $host"; done
	} >"$dir/etc/hosts"
}

write_ssh() {
	local host user
	cp "$dir/keys/ca.pub" "$dir/etc/ca.pub"
	for host in "${hosts[@]}"; do sed "s/@HOST@/$host/" "$parts/etc/sshd_config" >"$dir/etc/sshd_config-$host"; done
	# Newer servers shut out an address that failed to log in some times: a test of failing log-ins would be the next one's failure.
	[[ $suite == bookworm ]] || for host in "${hosts[@]}"; do echo 'PerSourcePenalties no' >>"$dir/etc/sshd_config-$host"; done
	for host in "${hosts[@]}"; do echo "$(names_of "$host") $(public_key "$dir/keys/host-$host.pub")"; done >"$dir/known_hosts"
	cp "$dir/known_hosts" "$dir/etc/ssh_known_hosts"
	for user in "${users[@]}"; do cat "$dir/keys/platform.pub" "$dir/keys/user-$user.pub" >"$dir/etc/keys/$user"; done
}

# Sets `has_changed` where a site that is up runs on another configuration: by an older version of the bed.
write_slurm() {
	local old=''
	has_changed=''
	! is_up login || old=$(cat "$dir/etc/slurm.conf")
	cp "$parts"/etc/{cgroup,gres}.conf "$dir/etc/"
	install -m 600 "$parts/etc/slurmdbd.conf" "$dir/etc/slurmdbd.conf"
	{
		sed -e "s/@CLUSTER@/$name/" -e "s/@LOGIN@/$(address_of login)/" -e "s/@MEMORY@/$((node_mb - 200))/" "$parts/etc/slurm.conf"
		write_nodes
		[[ -z $accounting ]] || cat "$parts/etc/slurm-accounting.conf"
	} >"$dir/etc/slurm.conf"
	[[ -z $old || $old == "$(cat "$dir/etc/slurm.conf")" ]] || has_changed=yes
}

# The first node has two stand-ins for GPUs. Jobs in `spare` give way to all others; those in `shared` share their cores.
write_nodes() {
	local all="node[1-$node_count]"
	echo "NodeName=node1 Gres=gpu:fake:2"
	((node_count == 1)) || echo "NodeName=node[2-$node_count]"
	echo "PartitionName=debug Nodes=$all Default=YES MaxTime=01:00:00 DefaultTime=00:10:00"
	echo "PartitionName=long Nodes=node$node_count MaxTime=INFINITE"
	echo "PartitionName=gpu Nodes=node1 MaxTime=04:00:00"
	echo "PartitionName=spare Nodes=$all MaxTime=01:00:00 PriorityTier=1 PreemptMode=REQUEUE"
	# Slurm 22.05 lets jobs share cores only where they might be preempted; nothing here is of a higher tier.
	echo "PartitionName=shared Nodes=$all MaxTime=01:00:00 OverSubscribe=FORCE:16 PreemptMode=REQUEUE"
}
