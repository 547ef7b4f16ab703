import type { StagedState, StagingPlan } from '../model/index.ts';

const nothingMoved = { files: 0, bytes: 0 } as const;

/** How a launch leaves the staging of a task. Pure. */
export function stagingAtStart(plan: StagingPlan): {
  readonly staging: StagingPlan;
  readonly staged: StagedState;
  readonly reason?: string;
} {
  const out = plan.out ? { out: { state: 'idle', ...nothingMoved } as const } : {};
  const reason = plan.in.length > 0 ? { reason: 'Files wait to be brought in.' } : {};
  return { staging: plan, staged: { in: { state: 'waiting', ...nothingMoved }, ...out }, ...reason };
}
