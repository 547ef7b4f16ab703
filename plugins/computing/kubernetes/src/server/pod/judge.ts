import type { Observation } from '@stele/sdk';
import { formatRef } from '../names.ts';
import { ending } from './ending.ts';
import { imageTrouble } from './image-trouble.ts';
import type { PodSeen } from './seen.ts';

/** Milliseconds from a pod's start on its node after which what keeps its container from being made counts as its end. */
const patience = 10 * 60_000;
/** The same for an image that its registry says it doesn't have, or doesn't give out. */
const imagePatience = 60_000;

type Living = Exclude<Observation, { phase: 'absent' | 'unknown' | 'ended' }>;
type Ended = Extract<Observation, { phase: 'ended' }>;

/** What a pod's state says about its task. Pure. */
export function judge(pod: PodSeen, now: number): Observation {
  const end = ending(pod);
  if (end !== undefined) return isStillEnding(pod, now) ? living(pod, 'stopping') : ended(pod, end);
  if (isLost(pod)) return lost(pod);
  if (pod.cancelledAt !== undefined) return living(pod, 'stopping');
  if (pod.deletedAt !== undefined) {
    return living(pod, 'stopping', 'Somebody is removing the pod, outside of Stele.');
  }
  if (pod.runningSince !== undefined) return living(pod, 'running');
  return pod.node === undefined ? queued(pod) : starting(pod, now);
}

/** What is left to say of a pod that is gone, by what was last seen of it. Pure. */
export function judgeGone(pod: PodSeen): Observation {
  const end = ending(pod);
  // A pod that had failed already is removed by whoever tidies up the cluster.
  if (end !== undefined) return ended(pod, end);
  const common = { ref: formatRef(pod), phase: 'ended', ...placeOf(pod) } as const;
  if (pod.cancelledAt !== undefined) return { ...common, outcome: 'cancelled', reason: 'Stopped on request.' };
  if (isLost(pod)) return { ...common, outcome: 'node-failed', reason: `Its node${nodeWords(pod)} was lost.` };
  return { ...common, outcome: 'cancelled', reason: 'Its pod was removed in the cluster, outside of Stele.' };
}

/** Milliseconds beyond a pod's grace time, for the node to kill its containers. */
const margin = 5_000;

/**
 * Kubernetes up to 1.21 calls a pod failed that is over its time, then ends its containers; and where it had to kill them, it never says
 * that they have ended.
 */
function isStillEnding(
  { terminated, runningSince, cancelledAt, startedAt, limit, grace = 30 }: PodSeen,
  now: number,
): boolean {
  if (terminated !== undefined || runningSince === undefined) return false;
  const overtime =
    cancelledAt === undefined ? Date.parse(startedAt ?? '') + (limit ?? 0) * 1_000 : Date.parse(cancelledAt);
  return now < overtime + grace * 1_000 + margin;
}

/** A container that runs and is ready, in a pod that isn't: its node has stopped answering. */
function isLost({ phase, reason, runningSince, conditions }: PodSeen): boolean {
  if (phase === 'Unknown' || reason === 'NodeLost') return true;
  const { Ready: pod, ContainersReady: containers } = conditions;
  return runningSince !== undefined && pod?.isTrue === false && containers?.isTrue === true;
}

function lost(pod: PodSeen): Observation {
  if (pod.deletedAt === undefined) {
    return { phase: 'unknown', reason: `Its node${nodeWords(pod)} doesn’t answer. The task may be running there.` };
  }
  return ended(pod, {
    outcome: 'node-failed',
    reason: `Its node${nodeWords(pod)} hasn’t answered for too long: the cluster has given the task up.`,
  });
}

function queued(pod: PodSeen): Observation {
  const { isTrue = true, reason = '', message = '' } = pod.conditions['PodScheduled'] ?? {};
  if (isTrue) return living(pod, 'queued', 'Waiting for a node.');
  if (reason === 'SchedulingGated') return { ...living(pod, 'held', 'The cluster holds it back.'), detail: reason };
  return { ...living(pod, 'queued', unschedulableWords(message)), detail: `${reason}: ${message}` };
}

const shortages: readonly (readonly [RegExp, string])[] = [
  [/Insufficient memory/, 'memory'],
  [/Insufficient cpu/, 'processors'],
  [/Insufficient ephemeral-storage/, 'disk space'],
  [/Too many pods/, 'places for pods'],
  [/Insufficient \S*gpu\S*/i, 'GPUs'],
];

/** `0/3 nodes are available: 1 Insufficient memory, 2 node(s) had taint …`. Pure. */
export function unschedulableWords(message: string): string {
  const short = shortages.filter(([pattern]) => pattern.test(message)).map(([, what]) => what);
  if (short.length > 0) return `Waiting: no node has enough ${short.join(' and ')} free.`;
  if (/didn't match|affinity|selector/.test(message)) return 'Waiting: no node is of the kind that this task needs.';
  if (/taint/.test(message)) return 'Waiting: the nodes are kept for other tasks, or don’t answer.';
  if (/persistentvolumeclaim|volume/i.test(message))
    return 'Waiting: a volume of this task isn’t there, or is elsewhere.';
  return 'Waiting: no node can take this task now.';
}

function starting(pod: PodSeen, now: number): Observation {
  const age = pod.startedAt === undefined ? 0 : now - Date.parse(pod.startedAt);
  const isLate = age > patience;
  const image = imageTrouble(pod);
  if (image !== undefined) {
    const isClear = image.code !== 'UNREACHABLE';
    const isHopeless = isLate || image.code === 'INVALID' || (isClear && age > imagePatience);
    const detail = image.said;
    if (isHopeless) return { ...ended(pod, { outcome: 'rejected', reason: image.words }), detail };
    return { ...living(pod, 'starting', `${image.words} It is tried again.`), detail };
  }
  const { reason = '', message = '' } = pod.waiting ?? {};
  const refusal = refusalOf(reason, message);
  if (refusal !== undefined) return { ...ended(pod, { outcome: 'rejected', reason: refusal }), detail: message };
  if (troubles.has(reason)) {
    const words = 'The node can’t make the container.';
    if (isLate) return { ...ended(pod, { outcome: 'rejected', reason: words }), detail: message };
    return { ...living(pod, 'starting', `${words} It is tried again.`), detail: message };
  }
  return living(pod, 'starting', 'The node fetches the image and makes the container.');
}

const troubles = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'CreatePodSandboxError',
]);

/** What no further try would make better. */
function refusalOf(reason: string, message: string): string | undefined {
  if (!troubles.has(reason)) return undefined;
  if (/runAsNonRoot/.test(message)) {
    return 'The image wants to run as root, or names its user by a word, which this cluster’s tasks may not. Have the resource’s settings name a user.';
  }
  if (/executable file not found|no such file or directory|exec format error/.test(message)) {
    return 'The image’s program can’t be run: it isn’t there, or is for another architecture.';
  }
  return undefined;
}

function living(pod: PodSeen, phase: Living['phase'], reason?: string): Living {
  const { runningSince, digest } = pod;
  return {
    phase,
    ref: formatRef(pod),
    ...(reason === undefined ? {} : { reason }),
    ...(runningSince === undefined ? {} : { startedAt: runningSince }),
    ...(digest === undefined ? {} : { digest }),
    ...placeOf(pod),
  };
}

function ended(pod: PodSeen, end: Pick<Ended, 'outcome' | 'reason' | 'detail'>): Ended {
  const { terminated = pod.terminatedBefore, digest } = pod;
  const { exitCode, startedAt, finishedAt } = terminated ?? {};
  return {
    phase: 'ended',
    ref: formatRef(pod),
    ...end,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(finishedAt === undefined ? {} : { endedAt: finishedAt }),
    ...(digest === undefined ? {} : { digest }),
    ...placeOf(pod),
  };
}

function placeOf({ node }: PodSeen): { readonly nodes?: readonly string[] } {
  return node === undefined ? {} : { nodes: [node] };
}

function nodeWords({ node }: PodSeen): string {
  return node === undefined ? '' : ` (${node})`;
}
