#!/bin/sh
# Stele's agent: runs one task's container on a compute node and keeps a truthful record of it.
#
#   sh agent.sh FOLDER
#
# FOLDER is the task's, on a file system that the node shares with the host that submits. What it holds for us and what
# we leave in it is told in docs/authors/agent.md. Needs a POSIX shell and the usual small programs, nothing else: no
# root, no network but where the folder says so, no clock that agrees with anybody's. A special built-in (`:`, `export`, `exec`) ends some shells when
# its redirection fails, and a full disk makes that happen: what writes here is `printf`, `cat`, `dd`.
set -u

callers_mask=$(umask)
callers_locale=${LC_ALL-}
has_locale=${LC_ALL+yes}
umask 077
LC_ALL=C PATH=${PATH:+$PATH:}/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
export LC_ALL PATH
unset CDPATH

say() { printf '%s %s\n' "$(date -u '+%Y-%m-%dT%H:%M:%SZ')" "$*" >&2; }
now() { date +%s; }

# is_number WORD: short enough for any shell's arithmetic, and not read as octal
is_number() {
  case $1 in
  '' | *[!0-9]* | 0?* | ????????????????*) return 1 ;;
  esac
}
