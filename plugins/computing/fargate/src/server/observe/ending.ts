import type { Observation } from '@stele/sdk';
import { startFailure } from './start-failures.ts';

type Ended = Extract<Observation, { phase: 'ended' }>;

/** What ECS tells of a task that has stopped. */
export interface StopFacts {
  /** In one word: `EssentialContainerExited`, `UserInitiated` … */
  readonly stopCode: string | undefined;
  /** In a sentence. */
  readonly stoppedReason: string | undefined;
  /** Of the container; absent when it never ran, or nobody knows. */
  readonly exitCode: number | undefined;
  /** What is said of the container by itself. */
  readonly containerReason: string | undefined;
  /** Whether it ever ran. */
  readonly hasStarted: boolean;
}

/** What we tell ECS when somebody wants a task to end, and what it tells us of it afterwards. */
export const stopWords = 'Stopped on request.';

export type Ending = Pick<Ended, 'outcome' | 'reason'>;

/** How a task ended. Pure. */
export function endingOf(facts: StopFacts): Ending {
  return byWords(facts) ?? byCode(facts) ?? byExit(facts);
}

/** What ECS says in a sentence, and what it says of the container. Pure. */
export function wordsOf({
  stoppedReason,
  containerReason,
}: Pick<StopFacts, 'stoppedReason' | 'containerReason'>): string {
  return [stoppedReason, containerReason].filter((words) => words !== undefined && words !== '').join(' ');
}

/** What no code tells, or not by itself. */
function byWords(facts: StopFacts): Ending | undefined {
  const words = wordsOf(facts);
  if (/OutOfMemory/i.test(words)) {
    return { outcome: 'out-of-memory', reason: 'The task needed more memory than it was given.' };
  }
  if (/maintenance|retire/i.test(words) && facts.stopCode !== 'UserInitiated') {
    return { outcome: 'node-failed', reason: 'AWS took the machine away for maintenance.' };
  }
  const failure = facts.hasStarted ? undefined : startFailure(words);
  return failure && { outcome: failure.outcome, reason: failure.message };
}

function byCode({ stopCode, exitCode, stoppedReason }: StopFacts): Ending | undefined {
  switch (stopCode) {
    case 'SpotInterruption':
      return { outcome: 'preempted', reason: 'AWS needed the spare machine for others.' };
    case 'TerminationNotice':
      return { outcome: 'node-failed', reason: 'AWS took the machine away.' };
    case 'TaskFailedToStart':
      return { outcome: 'rejected', reason: 'AWS could not start the task.' };
    case 'UserInitiated':
      return { outcome: 'cancelled', reason: stoppedReason === stopWords ? stopWords : 'It was stopped through AWS.' };
    case 'ServiceSchedulerInitiated':
      return { outcome: 'cancelled', reason: 'A service of AWS stopped it.' };
    default:
      return exitCode === undefined
        ? { outcome: 'node-failed', reason: 'AWS doesn’t tell how the task ended.' }
        : undefined;
  }
}

function byExit({ exitCode = 0 }: StopFacts): Ending {
  if (exitCode === 0) return { outcome: 'completed' };
  if (exitCode > 128) return { outcome: 'failed', reason: `The task was ended by signal ${exitCode - 128}.` };
  return { outcome: 'failed', reason: `The task ended with exit code ${exitCode}.` };
}
