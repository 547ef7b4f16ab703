/** What stands for the options of GPUs among the arguments of {@link withGpus}. */
export const gpuWord = '@STELE_GPUS@';

/** How an engine is told of GPUs by NVIDIA. */
export type GpuStyle = 'cdi' | 'gpus';

/** By the variables in which schedulers say which cards are a job's: indices, or names. */
const allotted = ['CUDA_VISIBLE_DEVICES', 'ROCR_VISIBLE_DEVICES'];

/**
 * Decides on the node which vendor's cards there are, then becomes the command. A constant script of one line: what varies
 * follows as arguments. Where the scheduler keeps a job from others' cards by control groups, a container within the job
 * is kept as well; where it only names the job's own, the container is told the same names.
 *
 * - AMD: devices, with the account's groups, which may open them.
 * - NVIDIA by `cdi`: the names of the Container Device Interface. By `gpus`: Docker's own option, with the job's cards alone,
 *   since its containers are not within the job. `SLURM_JOB_GPUS` has the node's numbers; those in `CUDA_VISIBLE_DEVICES`
 *   may count within the job's control group. Where neither is set nothing starts: all cards would be others' as well.
 */
export function withGpus(argv: readonly string[], style: GpuStyle): readonly string[] {
  return ['sh', '-c', script, 'stele', style, ...argv];
}

const script = [
  'style=$1; shift; found=; count=$#;',
  'while [ "$count" -gt 0 ]; do word=$1; shift; count=$((count - 1));',
  `if [ "$word" != ${gpuWord} ] || [ -n "$found" ]; then set -- "$@" "$word"; continue; fi; found=yes;`,
  'if [ -e /dev/kfd ]; then set -- "$@" --device /dev/kfd --device /dev/dri;',
  'if [ "$style" = cdi ]; then set -- "$@" --group-add keep-groups; fi;',
  'elif [ "$style" = cdi ]; then set -- "$@" --device nvidia.com/gpu=all;',
  'else cards=${SLURM_JOB_GPUS:-${CUDA_VISIBLE_DEVICES-}}; unset CUDA_VISIBLE_DEVICES;',
  'if [ -z "$cards" ]; then echo "Nobody says which GPUs are this job’s." >&2; exit 125; fi;',
  'set -- "$@" --gpus "\\"device=$cards\\""; fi;',
  ...allotted.map((name) => `if [ -n "\${${name}-}" ]; then set -- "$@" --env ${name}; fi;`),
  'done; exec "$@"',
].join(' ');
