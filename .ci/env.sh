# Puts a Node.js that Stele can run on first on PATH. Source it:  . .ci/env.sh
# Where the machine's own Node.js fits, nothing happens; otherwise one is taken from
# npm, with the version and hash that .ci/node/package-lock.json names.

# A shell that cannot tell where a sourced file lies (dash) must stand in the repository.
stele_ci=$(cd "$(dirname "${BASH_SOURCE:-.ci/env.sh}")" && pwd)

# 24.22 and later, or 26.4 and later (decision 0001). Asking for the version is ten times faster than running a script.
stele_node_fits() {
  case $("$1" --version 2>/dev/null) in
    v24.2[2-9].* | v24.[3-9][0-9].* | v26.[4-9].* | v26.[1-9][0-9].* | v2[7-9].* | v[3-9][0-9].*) return 0 ;;
    *) return 1 ;;
  esac
}

stele_use_own_node() {
  stele_bin="$stele_ci/node/node_modules/.bin"
  if ! stele_node_fits "$stele_bin/node"; then
    if ! command -v npm >/dev/null; then
      echo "stele: npm is missing; install Node.js 20 or newer with npm first" >&2
      return 1
    fi
    echo "stele: fetching Node.js 24 from npm (once, about 20 s)" >&2
    npm ci --prefix "$stele_ci/node" --no-audit --no-fund --loglevel=error >/dev/null || return 1
    stele_node_fits "$stele_bin/node" || return 1
  fi
  PATH="$stele_bin:$PATH"
  export PATH
  hash -r
}

# Addons (ssh2's) are compiled for the Node.js that runs them: npm may itself run on another, and look for its headers there.
stele_use_headers() {
  stele_prefix=$(readlink -f "$(command -v node)")
  stele_prefix=${stele_prefix%/bin/*}
  if [ -e "$stele_prefix/include/node/node.h" ]; then export npm_config_nodedir="$stele_prefix"; fi
}

if stele_node_fits node || stele_use_own_node; then
  stele_use_headers
else
  echo "stele: needs Node.js 24.22 or newer, and could not get it from npm" >&2
  false
fi
