import type { Task } from '../api/index.ts';

/** What a state means for the user; each has a colour, and never the colour alone. */
export type Tone = 'waiting' | 'working' | 'ready' | 'attention' | 'ended';

/** A state in one word, with its icon and tone. */
export interface Status {
  /** For people. */
  readonly word: string;
  /** Name of an icon. */
  readonly icon: string;
  /** What it means for the user. */
  readonly tone: Tone;
}

type Phase = Exclude<Task['phase'], 'running' | 'ended'>;

const phases: Readonly<Record<Phase, Status>> = {
  submitting: { word: 'Submitting', icon: 'arrow-up', tone: 'working' },
  queued: { word: 'Queued', icon: 'hourglass', tone: 'waiting' },
  starting: { word: 'Starting', icon: 'loader', tone: 'working' },
  stopping: { word: 'Stopping', icon: 'loader', tone: 'working' },
  held: { word: 'On hold', icon: 'pause', tone: 'waiting' },
  suspended: { word: 'Suspended', icon: 'pause', tone: 'waiting' },
  unknown: { word: 'Not answering', icon: 'circle-question', tone: 'attention' },
};

const outcomes: Readonly<Record<NonNullable<Task['outcome']>, Status>> = {
  completed: { word: 'Completed', icon: 'circle-check', tone: 'ended' },
  failed: { word: 'Failed', icon: 'circle-x', tone: 'attention' },
  cancelled: { word: 'Stopped', icon: 'circle-stop', tone: 'ended' },
  'timed-out': { word: 'Out of time', icon: 'clock', tone: 'attention' },
  'out-of-memory': { word: 'Out of memory', icon: 'triangle-alert', tone: 'attention' },
  'node-failed': { word: 'Node failed', icon: 'triangle-alert', tone: 'attention' },
  preempted: { word: 'Preempted', icon: 'triangle-alert', tone: 'attention' },
  rejected: { word: 'Rejected', icon: 'circle-x', tone: 'attention' },
  lost: { word: 'Lost', icon: 'circle-question', tone: 'attention' },
};

const comingIn: Status = { word: 'Copying files', icon: 'download', tone: 'working' };

function isComingIn({ staging }: Pick<Task, 'staging'>): boolean {
  return staging?.in !== undefined && staging.in.state !== 'done';
}

/** How a task is, in a word. */
export function statusOf(task: Pick<Task, 'phase' | 'outcome' | 'ready' | 'staging'>): Status {
  if (task.phase === 'running') {
    return task.ready
      ? { word: 'Ready', icon: 'circle-check', tone: 'ready' }
      : { word: 'Opening', icon: 'loader', tone: 'working' };
  }
  if (task.phase === 'submitting' && isComingIn(task)) return comingIn;
  if (task.phase !== 'ended') return phases[task.phase];
  return task.outcome ? outcomes[task.outcome] : { word: 'Ended', icon: 'circle-stop', tone: 'ended' };
}

/** Whether a task still runs or will. */
export function isLive(task: Pick<Task, 'phase'>): boolean {
  return task.phase !== 'ended';
}

/** Why one can't connect to a task right now; `undefined` when one can. */
export function whyNotConnect(task: Pick<Task, 'phase' | 'outcome' | 'ready' | 'name'>): string | undefined {
  if (task.phase === 'ended') return 'It has ended.';
  if (task.phase === 'stopping') return 'It is stopping.';
  if (task.phase === 'held' || task.phase === 'suspended') return 'It is on hold.';
  if (task.phase === 'unknown') return 'The computing does not answer at the moment.';
  if (task.phase !== 'running') return 'It has not started yet.';
  return task.ready ? undefined : 'It runs; its interface does not answer yet.';
}
