# shellcheck shell=bash
# What goes wrong in a cluster, on command, and back.

# Nothing of what an earlier run broke stays broken.
mend() {
	hide
	start_api
	node_start
}

crash_api() { part stop kube-apiserver; }

start_api() {
	part start kube-apiserver
	until_true 60 api_is_ready || fail "the API server doesn't answer; see $dir/log/kube-apiserver.log"
}

restart_api() { crash_api; start_api; }

# Killed, as all at once with its machine, but for its containers.
node_stop() { part stop kubelet; }
node_start() { part start kubelet; }

part() { exec_ bash /bed/parts "$@"; }

api_is_ready() { [[ $(kubectl get --raw /readyz 2>/dev/null) == ok ]]; }

node_is_ready() { kubectl get node node1 --output 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' | grep -q True; }
