import type { Observation } from '@stele/sdk';
import type { PodSeen, Terminated } from './seen.ts';

/** How a task ended, and why. */
export type Ending = Pick<Extract<Observation, { phase: 'ended' }>, 'outcome' | 'reason' | 'detail'>;

interface Cause extends Pick<Ending, 'outcome'> {
  readonly words: string;
}

/** Words of Kubernetes for why it ended a pod, or refused it when it had a node already. */
const causes: Readonly<Record<string, Cause>> = {
  Evicted: { outcome: 'preempted', words: 'The node ended the task, since it ran out of something' },
  Preempted: { outcome: 'preempted', words: 'The task had to give way to a more important one' },
  Preempting: { outcome: 'preempted', words: 'The task had to give way to a more important one' },
  NodeLost: { outcome: 'node-failed', words: 'Its node was lost' },
  NodeShutdown: { outcome: 'node-failed', words: 'Its node was shut down' },
  Shutdown: { outcome: 'node-failed', words: 'Its node was shut down' },
  Terminated: { outcome: 'node-failed', words: 'Its node was shut down' },
  NodeAffinity: { outcome: 'rejected', words: 'The node refused the task' },
  UnexpectedAdmissionError: { outcome: 'rejected', words: 'The node refused the task' },
  OutOfcpu: { outcome: 'rejected', words: 'The node had no room for the task after all' },
  OutOfmemory: { outcome: 'rejected', words: 'The node had no room for the task after all' },
  OutOfpods: { outcome: 'rejected', words: 'The node had no room for the task after all' },
};

/** By the reason of the condition `DisruptionTarget`, which newer versions set. */
const disruptions: Readonly<Record<string, Cause>> = {
  PreemptionByScheduler: { outcome: 'preempted', words: 'The task had to give way to a more important one' },
  DeletionByTaintManager: { outcome: 'node-failed', words: 'Its node was lost, or taken out of service' },
  EvictionByEvictionAPI: { outcome: 'preempted', words: 'Somebody cleared the node' },
  DeletionByPodGC: { outcome: 'node-failed', words: 'Its node is gone' },
  TerminationByKubelet: { outcome: 'preempted', words: 'The node ended the task, since it ran out of something' },
};

/** How a pod ended, by positive evidence; `undefined` while it hasn't. Pure. */
export function ending(pod: PodSeen): Ending | undefined {
  const hasEnded = pod.phase === 'Succeeded' || pod.phase === 'Failed';
  if (!hasEnded && pod.terminated === undefined) return crashing(pod);
  if (pod.cancelledAt !== undefined && pod.terminated?.exitCode !== 0) return cancelled(pod);
  const { DisruptionTarget: disruption } = pod.conditions;
  const cause = causes[pod.reason] ?? (disruption?.isTrue === true ? disruptions[disruption.reason] : undefined);
  if (cause !== undefined) return because(cause, pod.message === '' ? disruption?.message : pod.message);
  if (pod.reason === 'DeadlineExceeded') {
    return { outcome: 'timed-out', reason: 'The task reached its time limit.', detail: pod.message };
  }
  if (isRemoved(pod)) return { outcome: 'cancelled', reason: 'Its pod was removed in the cluster, outside of Stele.' };
  if (pod.terminated !== undefined) return byExit(pod.terminated);
  if (pod.phase === 'Succeeded') return { outcome: 'completed' };
  return because({ outcome: 'failed', words: 'The pod failed' }, pod.message === '' ? pod.reason : pod.message);
}

/** Whether it ended because somebody removed it: not before that, and not by itself. Times are whole seconds. */
function isRemoved({ deletedAt, terminated }: PodSeen): boolean {
  if (deletedAt === undefined || terminated?.reason === 'OOMKilled') return false;
  return terminated?.finishedAt === undefined || Date.parse(terminated.finishedAt) >= Date.parse(deletedAt);
}

function cancelled({ message }: PodSeen): Ending {
  return { outcome: 'cancelled', reason: 'Stopped on request.', ...(message === '' ? {} : { detail: message }) };
}

/** Only where somebody changed the pod's policy: ours are never started again. */
function crashing({ waiting, terminatedBefore }: PodSeen): Ending | undefined {
  if (waiting?.reason !== 'CrashLoopBackOff') return undefined;
  if (terminatedBefore !== undefined) return byExit(terminatedBefore);
  return { outcome: 'failed', reason: 'The task ends as soon as it is started.', detail: waiting.message };
}

function byExit({ exitCode, reason, message }: Terminated): Ending {
  const detail = message === '' ? {} : { detail: message };
  if (reason === 'OOMKilled') {
    return { outcome: 'out-of-memory', reason: 'The task needed more memory than it was given.', ...detail };
  }
  if (reason === 'ContainerStatusUnknown') {
    return { outcome: 'node-failed', reason: 'Its node lost track of the task.', ...detail };
  }
  if (reason === 'ContainerCannotRun' || reason === 'StartError') {
    return { outcome: 'rejected', reason: 'The node could not start the image’s program.', ...detail };
  }
  if (exitCode === 0) return { outcome: 'completed', ...detail };
  if (exitCode > 128) {
    return { outcome: 'failed', reason: `The task was ended by signal ${exitCode - 128}.`, ...detail };
  }
  return { outcome: 'failed', reason: `The task ended with exit code ${exitCode}.`, ...detail };
}

function because({ outcome, words }: Cause, said: string | undefined): Ending {
  const detail = said === undefined || said === '' ? {} : { detail: said };
  return { outcome, reason: said === undefined || said === '' ? `${words}.` : `${words}: ${said}`, ...detail };
}
