# shellcheck shell=bash
# The cluster's authority, who it vouches for, and the kubeconfigs of people and parts.

make_certificates() {
	mkdir -p "$dir"/{pki,conf,parts}
	chmod 700 "$dir"/{pki,conf,parts}
	[[ ! -e $dir/pki/done ]] || return 0
	authority ca
	authority other
	openssl ecparam -name prime256v1 -genkey -noout -out "$dir/pki/accounts.key"
	openssl ec -in "$dir/pki/accounts.key" -pubout -out "$dir/pki/accounts.pub" 2>/dev/null
	signed apiserver ca /CN=kube-apiserver "IP:$node,IP:127.0.0.1,IP:$first_service,IP:$pod_gateway,DNS:localhost,DNS:kubernetes.default.svc"
	signed kubelet ca "/O=system:nodes/CN=system:node:node1" "IP:$node,DNS:node1"
	signed to-kubelet ca /O=system:masters/CN=kube-apiserver-kubelet-client
	signed controllers ca /CN=system:kube-controller-manager
	signed scheduler ca /CN=system:kube-scheduler
	signed proxy ca /CN=system:kube-proxy
	signed admin ca /O=system:masters/CN=admin
	signed stele ca /CN=stele
	long_ago expired /CN=stele
	signed stranger other /CN=stele
	printf '%s\n' adm1n-t0ken,admin,1,system:masters st3le-t0ken,stele,2 n0b0dy-t0ken,nobody,3 >"$dir/pki/tokens.csv"
	touch "$dir/pki/done"
}

authority() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj "/CN=Stele test $1" \
		-keyout "$dir/pki/$1.key" -out "$dir/pki/$1.crt" 2>/dev/null
}

# signed NAME AUTHORITY SUBJECT [NAMES]
signed() {
	request "$1" "$3"
	openssl x509 -req -in "$dir/pki/$1.csr" -CA "$dir/pki/$2.crt" -CAkey "$dir/pki/$2.key" -CAcreateserial -days 30 \
		-extfile <(printf 'extendedKeyUsage=serverAuth,clientAuth\n%s' "${4:+subjectAltName=$4}") -out "$dir/pki/$1.crt" 2>/dev/null
}

# Signed for one day of long ago, which `openssl x509` can't do in all versions.
long_ago() {
	request "$1" "$2"
	: >"$dir/pki/index"
	openssl rand -hex 8 >"$dir/pki/serial"
	openssl ca -batch -notext -startdate 20200101000000Z -enddate 20200102000000Z \
		-cert "$dir/pki/ca.crt" -keyfile "$dir/pki/ca.key" -in "$dir/pki/$1.csr" -out "$dir/pki/$1.crt" -config <(
			printf '[ca]\ndefault_ca=it\n[it]\ndatabase=%s\nserial=%s\nnew_certs_dir=%s\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n' \
				"$dir/pki/index" "$dir/pki/serial" "$dir/pki"
		) 2>/dev/null
}

request() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$2" -keyout "$dir/pki/$1.key" -out "$dir/pki/$1.csr" 2>/dev/null
}

write_kubeconfigs() {
	local who
	for who in admin stele expired stranger; do kubeconfig "$server" "$(proof_by_certificate "$who")" >"$dir/conf/$who.conf"; done
	kubeconfig "$server" 'token: st3le-t0ken' >"$dir/conf/token.conf"
	kubeconfig "$server" 'token: n0b0dy-t0ken' >"$dir/conf/nobody.conf"
	kubeconfig "$server" 'token: wr0ng' >"$dir/conf/wrong.conf"
	for who in controllers scheduler proxy kubelet; do
		kubeconfig "https://127.0.0.1:$port" "$(proof_by_certificate "$who")" >"$dir/parts/$who.conf"
	done
}

proof_by_certificate() { printf 'client-certificate-data: %s\n    client-key-data: %s' "$(base64_of "$1.crt")" "$(base64_of "$1.key")"; }
base64_of() { base64 -w 0 "$dir/pki/$1"; }

# kubeconfig SERVER PROOF
kubeconfig() {
	cat <<-END
		apiVersion: v1
		kind: Config
		current-context: test
		contexts:
		- name: test
		  context: { cluster: test, user: me }
		clusters:
		- name: test
		  cluster:
		    server: $1
		    certificate-authority-data: $(base64_of ca.crt)
		users:
		- name: me
		  user:
		    $2
	END
}
