import type { Container, Task } from '@aws-sdk/client-ecs';
import type { Observation } from '@stele/sdk';
import { containerName } from '../launch/definition.ts';
import { refOf } from '../ref.ts';
import { endingOf, type StopFacts, wordsOf } from './ending.ts';

type Ended = Extract<Observation, { phase: 'ended' }>;

/** What a task of ECS says about a task of ours. Pure. */
export function observationOf(task: Task): Observation {
  const seen = phaseOf(task);
  const { digest, nodes } = whereabouts(task);
  const common = { ref: refOf(task), ...startOf(task), ...digest, ...nodes };
  switch (seen.phase) {
    case 'ended':
      return { ...common, ...ended(task) };
    case 'absent':
      return seen;
    case 'unknown':
      return seen;
    default:
      return { ...common, ...seen };
  }
}

type Seen =
  | { readonly phase: 'ended' }
  | { readonly phase: 'absent' }
  | { readonly phase: 'unknown'; readonly reason: string }
  | { readonly phase: 'starting' | 'running' | 'stopping'; readonly reason?: string; readonly detail: string };

function phaseOf(task: Task): Seen {
  const status = task.lastStatus ?? '';
  if (status === 'STOPPED') return { phase: 'ended' };
  if (status === 'DELETED') return { phase: 'absent' };
  if (isStopping.has(status) || task.desiredStatus === 'STOPPED') return { phase: 'stopping', detail: status };
  if (status === 'RUNNING') return { phase: 'running', detail: status };
  const reason = startingWords(task);
  if (reason !== undefined) return { phase: 'starting', reason, detail: status };
  return { phase: 'unknown', reason: `ECS says “${status}” of it, which is not known here.` };
}

const isStopping: ReadonlySet<string> = new Set(['DEACTIVATING', 'STOPPING', 'DEPROVISIONING']);

/** What a task that isn’t running yet waits for; nothing where it isn’t known to. Pure. */
export function startingWords({ lastStatus, pullStartedAt, pullStoppedAt }: Task): string | undefined {
  switch (lastStatus) {
    case 'PROVISIONING':
      return 'AWS connects the task to its network.';
    case 'PENDING':
      if (pullStoppedAt !== undefined) return 'The container is about to start.';
      return pullStartedAt === undefined ? 'AWS gets a machine ready.' : 'The image is fetched.';
    case 'ACTIVATING':
      return 'The container is about to start.';
    default:
      return undefined;
  }
}

/** What is known of a task’s end. Pure. */
export function stopFacts(task: Task): StopFacts {
  const container = containerOf(task);
  return {
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    exitCode: container?.exitCode,
    containerReason: container?.reason,
    hasStarted: task.startedAt !== undefined,
  };
}

function ended(task: Task): Pick<Ended, 'phase' | 'outcome' | 'reason' | 'detail' | 'exitCode' | 'endedAt'> {
  const facts = stopFacts(task);
  const detail = [task.stopCode, wordsOf(facts)].filter((words) => words !== undefined && words !== '').join(': ');
  const endedAt = endOf(task);
  return {
    phase: 'ended',
    ...endingOf(facts),
    ...(detail === '' ? {} : { detail }),
    ...(facts.exitCode === undefined ? {} : { exitCode: facts.exitCode }),
    ...(endedAt === undefined ? {} : { endedAt: endedAt.toISOString() }),
  };
}

/** When its container ended: the machine takes its time after that. Pure. */
export function endOf({ executionStoppedAt, stoppedAt }: Task): Date | undefined {
  return executionStoppedAt ?? stoppedAt;
}

function startOf({ startedAt }: Task): { readonly startedAt?: string } {
  return startedAt === undefined ? {} : { startedAt: startedAt.toISOString() };
}

function whereabouts(task: Task): { digest: { digest?: string }; nodes: { nodes?: readonly string[] } } {
  const digest = containerOf(task)?.imageDigest;
  return {
    digest: digest === undefined ? {} : { digest },
    nodes: task.availabilityZone === undefined ? {} : { nodes: [task.availabilityZone] },
  };
}

function containerOf(task: Task): Container | undefined {
  return task.containers?.find(({ name }) => name === containerName) ?? task.containers?.[0];
}
