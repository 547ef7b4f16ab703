import type { Outcome, Phase } from '@stele/sdk';
import type { GatewayTask } from '../ports.ts';
import { type Refusal, taskGone, unreachable } from '../refusals.ts';

const phases: Record<Phase, string> = {
  submitting: 'The task is being submitted',
  queued: 'The task waits in the queue',
  starting: 'The task is starting',
  running: 'The task is getting ready',
  stopping: 'The task is stopping',
  held: 'The task is on hold',
  suspended: 'The task is suspended',
  unknown: 'The task is out of sight',
  ended: 'The task has ended',
};

const outcomes: Record<Outcome, string> = {
  completed: 'It ran to its end.',
  failed: 'It failed.',
  cancelled: 'It was stopped.',
  'timed-out': 'Its time was up.',
  'out-of-memory': 'It needed more memory than it had.',
  'node-failed': 'The machine it ran on failed.',
  preempted: 'It had to make room for another task.',
  rejected: 'It was rejected.',
  lost: 'It was lost sight of.',
};

/** What to say about a task that can't be connected to. */
export function stateOf(task: GatewayTask | undefined): Refusal {
  if (task === undefined) return taskGone;
  if (task.phase === 'ended') return ended(task);
  if (task.isReady) return { ...unreachable, detail: task.reason ?? unreachable.detail };
  const detail = task.reason ?? 'This page opens it as soon as it is ready.';
  return { status: 503, code: 'UNREACHABLE', title: phases[task.phase], detail, retryAfter: 2 };
}

function ended(task: GatewayTask): Refusal {
  const detail = howItEnded(task);
  return { status: 410, code: 'CONFLICT', title: phases.ended, detail: detail || 'It no longer runs.' };
}

function howItEnded({ outcome, reason = '' }: GatewayTask): string {
  // Who or what stopped it is its reason, and says that it was stopped.
  if (outcome === undefined || (outcome === 'cancelled' && reason !== '')) return reason;
  return `${outcomes[outcome]} ${reason}`.trimEnd();
}
