# Makes the folder of a task and hands its job over, in one go. Run as
# `sh -c TEXT stele STATE TASKS KEY AGENT OWNER COMMAND…`, the folder’s files as an archive on standard input; the one named
# `script` is what COMMAND reads. Without a COMMAND nothing is handed over. OWNER, where not empty, has to have the folders alone.
# What isn’t as it mostly is makes it print `STELE later` and leave nothing behind: who asked then looks closer.
set -u
umask 077
state=$1 tasks=$2 key=$3 agent=$4 owner=$5
shift 5
later() {
  echo 'STELE later'
  exit 0
}

if [ ! -f "$state/$agent" ] || [ ! -d "$tasks" ]; then later; fi
[ -z "$owner" ] || [ "$(find "$state" "$tasks" -prune -type d -user "$owner" ! -perm -020 ! -perm -002 2>/dev/null)" = "$state
$tasks" ] || later
# Whose folder is there was here before.
mkdir "$tasks/$key" 2>/dev/null || later
# An archive that was cut between two files is whole to `tar`: the last one has to be there.
if ! tar -xof - -C "$tasks/$key" 2>/dev/null || [ ! -s "$tasks/$key/script" ]; then
  rm -rf "${tasks:?}/$key"
  later
fi
if [ $# -eq 0 ]; then
  echo 'STELE done'
  exit 0
fi
exec "$@" <"$tasks/$key/script"
