import type { Observation, Outcome, Phase } from '@stele/sdk';

/** The facts of a task that an observation may change. */
export interface TaskFacts {
  readonly phase: Phase;
  readonly outcome?: Outcome | null | undefined;
  readonly reason?: string | null | undefined;
  readonly detail?: string | null | undefined;
  readonly exitCode?: number | null | undefined;
  readonly ready: boolean;
  readonly digest?: string | null | undefined;
  readonly ref?: string | null | undefined;
  readonly queuedAt?: Date | null | undefined;
  /** When it is expected to start, where the resource says so and it still waits. */
  readonly expectedAt?: Date | null | undefined;
  readonly startedAt?: Date | null | undefined;
  readonly endedAt?: Date | null | undefined;
  /** When the user asked for the end. */
  readonly stopRequestedAt?: Date | null | undefined;
  /** When the task was first not found. */
  readonly absentSince?: Date | null | undefined;
}

/** Milliseconds that a task may be missing before it counts as lost: a daemon's restart or a slow list is no loss. */
export const absenceGrace = 30_000;

/**
 * What an observation makes of a task. Pure. `ended` comes only from positive evidence; absence becomes `lost` (or
 * `cancelled`, where the end was asked for) after {@link absenceGrace}; an ended task never changes again.
 */
export function transition(task: TaskFacts, seen: Observation, now: Date): Partial<TaskFacts> {
  if (task.phase === 'ended') return {};
  if (seen.phase === 'unknown') return { reason: seen.reason };
  if (seen.phase === 'absent') return absent(task, now);
  const common = { absentSince: null, ...picked(task, seen) };
  if (seen.phase === 'ended') return { ...common, ...ending(task, seen, now) };
  const phase = task.stopRequestedAt ? 'stopping' : seen.phase;
  return {
    ...common,
    ...(phase === 'queued' ? { queuedAt: task.queuedAt ?? now } : {}),
    expectedAt: phase === 'queued' ? dateOf(seen.expectedAt) : null,
    phase,
    ready: task.ready && seen.phase === 'running',
    reason: phase === 'stopping' ? 'Stopping.' : seen.reason,
    detail: seen.detail,
  };
}

function picked(task: TaskFacts, seen: Exclude<Observation, { phase: 'absent' | 'unknown' }>): Partial<TaskFacts> {
  return {
    ref: task.ref ?? seen.ref,
    digest: seen.digest ?? task.digest,
    startedAt: dateOf(seen.startedAt) ?? task.startedAt,
  };
}

function ending(task: TaskFacts, seen: Extract<Observation, { phase: 'ended' }>, now: Date): Partial<TaskFacts> {
  const wasStopped = Boolean(task.stopRequestedAt) && (seen.outcome === 'failed' || seen.outcome === 'completed');
  return {
    phase: 'ended',
    ready: false,
    expectedAt: null,
    outcome: wasStopped ? 'cancelled' : seen.outcome,
    reason: wasStopped ? 'Stopped on request.' : seen.reason,
    detail: seen.detail,
    exitCode: seen.exitCode,
    endedAt: dateOf(seen.endedAt) ?? now,
  };
}

function absent(task: TaskFacts, now: Date): Partial<TaskFacts> {
  const since = task.absentSince ?? now;
  if (now.getTime() - since.getTime() < absenceGrace) {
    return { absentSince: since, ready: false, reason: 'The resource does not know this task at the moment.' };
  }
  const wasStopped = Boolean(task.stopRequestedAt);
  return {
    phase: 'ended',
    ready: false,
    expectedAt: null,
    outcome: wasStopped ? 'cancelled' : 'lost',
    reason: wasStopped
      ? 'Stopped on request.'
      : 'The resource no longer knows this task, and nothing tells how it ended.',
    endedAt: now,
    absentSince: since,
  };
}

function dateOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
