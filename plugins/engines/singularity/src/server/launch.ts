/** What stands for the image among the arguments of {@link launch}. */
export const imageWord = '@STELE_IMAGE@';

/**
 * Decides on the node what nobody can know before, then becomes the container. A constant script of one line, since an
 * argument of a job's command holds no line break; what varies follows as arguments of its own: program, folder of
 * images, file, address of the image, whether GPUs are wanted, home, scratch, folder of credentials, then options,
 * {@link imageWord} and what the container is given.
 *
 * Who has brought credentials fetches the image with them, where nobody did before, into a file of this task's own, and
 * takes them away before anything runs. They are read from a file: an environment would hand them on to the container's
 * monitor, and stay in it. Apptainer learned that in 1.4, SingularityCE in 4.1.
 *
 * The writable layer is a folder on disk. The programs' own, `--writable-tmpfs`, is memory, of 64 MB at most (16 MB in
 * older ones). A folder needs the program's user namespaces: where it is installed set-uid root, it is asked for them,
 * and only where the node has none does the layer of memory remain.
 */
export const launch: readonly string[] = [
  'sh',
  '-c',
  [
    'program=$1 images=${2:+$2/$(id -u)} file=$3 uri=$4 gpus=$5 home=$6 scratch=$7 auth=$8; shift 8;',
    // Others may have made our folder in a common one: what lies in it would run with our rights.
    'if [ -n "$images" ] && [ -e "$images" ] &&',
    '[ -z "$(find "$images" -prune -type d -user "$(id -u)" ! -perm -020 ! -perm -002)" ]; then',
    'echo "Others own the folder $images, or may write to it." >&2; exit 126; fi;',
    'images=${images:-$HOME/.stele/images};',
    'if [ -z "$program" ]; then program=$(command -v apptainer || command -v singularity) ||',
    '{ echo "Neither Apptainer nor Singularity is installed on $(uname -n)." >&2; exit 127; }; fi;',
    'case $file in /*) image=$file ;; *) image=$images/$file own=$scratch/image.sif;',
    'if [ ! -e "$image" ] && [ ! -e "$own" ] && [ -n "$auth" ] && [ -e "$auth/config.json" ]; then',
    '"$program" pull --help 2>/dev/null | grep -q -e --authfile ||',
    '{ echo "$program on $(uname -n) is too old to read a registry’s credentials from a file: Apptainer 1.4 or SingularityCE 4.1 can." >&2; rm -f "$auth/config.json"; exit 125; };',
    '"$program" --silent pull --disable-cache --authfile "$auth/config.json" "$own" "$uri" & child=$!;',
    `trap 'kill "$child" 2>/dev/null' TERM INT HUP; wait "$child"; code=$?; trap - TERM INT HUP;`,
    '[ "$code" = 0 ] || { rm -f "$auth/config.json" "$own"; exit 125; }; fi;',
    'if [ ! -e "$image" ]; then image=$uri; if [ -n "$auth" ] && [ -e "$own" ]; then image=$own; fi; fi ;; esac;',
    '[ -z "$auth" ] || rm -f "$auth/config.json";',
    // In the order of the arguments: the first such word is ours, a later one somebody else’s.
    'count=$#; while [ "$count" -gt 0 ]; do word=$1; shift; count=$((count - 1));',
    `if [ "$word" = ${imageWord} ] && [ -n "$image" ]; then word=$image image=; fi; set -- "$@" "$word"; done;`,
    'libexec=$("$program" buildcfg LIBEXECDIR 2>/dev/null); layer=--overlay;',
    'if [ -u "$libexec/apptainer/bin/starter-suid" ] || [ -u "$libexec/singularity/bin/starter-suid" ]; then',
    'if unshare --user true 2>/dev/null; then set -- --userns "$@"; else layer=--writable-tmpfs; fi; fi;',
    'if [ "$layer" = --overlay ]; then mkdir -p "$scratch/layer" && set -- --overlay "$scratch/layer" "$@";',
    'else set -- --writable-tmpfs "$@"; fi;',
    // `--cleanenv` would take away which cards of the node are the job's.
    'if [ -n "$gpus" ]; then for name in CUDA_VISIBLE_DEVICES ROCR_VISIBLE_DEVICES; do value=$(printenv "$name") &&',
    'export "APPTAINERENV_$name=$value" "SINGULARITYENV_$name=$value"; done;',
    'if [ -e /dev/kfd ]; then set -- --rocm "$@"; else set -- --nv "$@"; fi; fi;',
    'user=$(id -un) || user=user; case $user in root) inside=/root ;; *) inside=/home/$user ;; esac;',
    'mkdir -p "$scratch/work" && exec "$program" --silent run --home "$home:$inside" --workdir "$scratch/work" "$@"',
  ].join(' '),
  'stele',
];
