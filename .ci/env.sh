# Puts a Node.js that Stele can run on first on PATH. Source it:  . .ci/env.sh
# Where the machine's own Node.js fits, nothing happens; otherwise one is taken from
# npm, with the version and hash that .ci/node/package-lock.json names.

# A shell that cannot tell where a sourced file lies (dash) must stand in the repository.
stele_ci=$(cd "$(dirname "${BASH_SOURCE:-.ci/env.sh}")" && pwd)

stele_node_fits() {
  "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number);
    process.exit((a === 24 && b >= 15) || a >= 26 ? 0 : 1)' 2>/dev/null
}

stele_use_own_node() {
  stele_bin="$stele_ci/node/node_modules/.bin"
  if ! stele_node_fits "$stele_bin/node"; then
    echo "stele: fetching Node.js 24 (once, about 20 s)" >&2
    npm ci --prefix "$stele_ci/node" --no-audit --no-fund --loglevel=error >&2 || return 1
    stele_node_fits "$stele_bin/node" || return 1
  fi
  PATH="$stele_bin:$PATH"
  export PATH
  hash -r
}

if stele_node_fits node || stele_use_own_node; then
  :
else
  echo "stele: needs Node.js 24.15 or newer, and could not get it from npm" >&2
  false
fi
