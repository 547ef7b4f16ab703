import type { Phase } from '@stele/sdk';
import type { StagedState, StagingPlan } from '../model/index.ts';

/** What is done for a task beside running it: files brought in, brought back, and what they lay in removed. */
export const stagingSteps = ['in', 'out', 'clear'] as const;
export type StagingStep = (typeof stagingSteps)[number];

/** The facts of a task that decide. */
export interface StagingFacts {
  readonly phase: Phase;
  readonly staging?: StagingPlan | null | undefined;
  readonly staged?: StagedState | null | undefined;
  readonly submittedAt?: Date | null | undefined;
  readonly stopRequestedAt?: Date | null | undefined;
  readonly deleteRequestedAt?: Date | null | undefined;
}

/** What is to be done now. Pure: rows decide, whatever was under way when a platform died. */
export function nextStep(task: StagingFacts): StagingStep | undefined {
  if (!task.staging || !task.staged) return undefined;
  if (task.phase === 'submitting') return task.stopRequestedAt || task.staged.in.state === 'done' ? undefined : 'in';
  if (task.phase === 'ended') return stepAfter(task, task.staged);
  return task.phase === 'running' && isDue(task.staged) ? 'out' : undefined;
}

/** Somebody has asked for it, or it was cut. */
function isDue({ out }: StagedState): boolean {
  return out?.state === 'waiting' || out?.state === 'moving';
}

function stepAfter(task: StagingFacts, { out, isCleared }: StagedState): StagingStep | undefined {
  const isWanted = Boolean(task.submittedAt) && !task.deleteRequestedAt;
  if (out && isWanted && out.state !== 'done' && out.state !== 'failed') return 'out';
  // What couldn't be brought back stays until it has been, or nobody wants it any more.
  const isKept = out?.state === 'failed' && !task.deleteRequestedAt;
  return isCleared || isKept ? undefined : 'clear';
}
