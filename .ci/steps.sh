# shellcheck shell=bash
# Steps shared by ./stele and ./test/run. Bash; the caller stands in the repository.

say() { printf 'stele: %s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    say "only root can do this: $*"
    return 1
  fi
}

# Node.js keeps what it compiled of each module: a start takes a third less.
need_node() {
  . .ci/env.sh || exit 1
  export NODE_COMPILE_CACHE=${NODE_COMPILE_CACHE-$PWD/.cache/compiled}
}

need_dependencies() {
  has_dependencies || once dependencies install_dependencies
}

# npm leaves a record of what it installed; a lock file that is newer asks for something else.
has_dependencies() {
  [ -e node_modules/.package-lock.json ] && [ ! package-lock.json -nt node_modules/.package-lock.json ]
}

install_dependencies() {
  if has_dependencies; then return; fi
  say "installing dependencies from npm (about a minute)"
  npm ci --no-audit --no-fund --loglevel=error >/dev/null || die "npm could not install the dependencies"
  touch node_modules/.package-lock.json
}

need_build() {
  is_built || once build build
}

build() {
  if is_built; then return; fi
  say "building"
  npm run --silent build >&2 || die "the build failed"
}

# No source, manifest or setting of the compiler is newer than the start of the last build.
is_built() {
  [ -e .cache/built ] && [ -d sdk/dist ] && [ -d core/cli/dist ] && [ -d core/server/dist ] && [ -z "$(newer_source)" ]
}

newer_source() {
  find sdk core plugins scripts package-lock.json tsconfig.base.json tsconfig.json \
    \( -name node_modules -o -name dist -o -name '*.test.ts' \) -prune -o \
    \( -path '*/src*' -o -path '*/build*' -o -name '*.json' -o -name '*.ts' \) -newer .cache/built -print -quit
}

# once WHAT COMMAND…: two that are started together must not install or build into each other's files. The second waits, then looks
# again. What the work leaves running, such as a daemon that a package starts, must not hold on to the lock.
once() {
  mkdir -p .cache
  { flock 9 && "${@:2}" 9>&-; } 9>".cache/$1.lock"
}

# Installs the Debian packages among the arguments that are missing.
need_packages() {
  if ! command -v dpkg-query >/dev/null; then
    say "this is not Debian; make sure that these are installed: $*"
  elif [ -n "$(missing_packages "$@")" ]; then
    once packages install_packages "$@"
  fi
}

install_packages() {
  local missing
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  say "installing from Debian: $missing"
  # shellcheck disable=SC2086 # a list of words
  as_root apt-get update -qq >&2 &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing >/dev/null
}

missing_packages() {
  local known name
  known=$(dpkg-query --show --showformat '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null)
  for name in "$@"; do
    [[ $'\n'$known$'\n' == *$'\n'"$name installed"$'\n'* ]] || printf '%s ' "$name"
  done
}
