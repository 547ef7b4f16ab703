import { SteleError } from '@stele/sdk';
import type { Stage, Task } from '../model/index.ts';
import type { StagingChange } from './parts.ts';

/**
 * What asking for the folder changes.
 * @throws CONFLICT where there is nothing to bring back, or nobody to do it
 */
export function askToBringBack(fresh: Task): StagingChange & Partial<Pick<Task, 'cleanedAt'>> {
  const { staged } = fresh;
  if (!staged?.out) throw conflict('This task was launched without a folder to be brought back.');
  const { out } = staged;
  if (out.state === 'waiting' || out.state === 'moving') return {};
  if (fresh.phase === 'running') return { staged: { ...staged, out: waiting(out) } };
  if (!fresh.hasEnded()) throw conflict('This task is not running. What it leaves is brought back when it has ended.');
  if (out.state !== 'failed') throw conflict('What this task left has been brought back, or is about to be.');
  if (!fresh.computing) throw conflict('The resource that this task ran on is gone.');
  // Somebody has to look after it again.
  return { staged: { ...staged, out: waiting(out) }, cleanedAt: null };
}

function waiting(out: Stage): Stage {
  const { reason: _, ...rest } = out;
  return { ...rest, state: 'waiting' };
}

/** Whether a settled task has left its folder where it was. */
export function needsClearing({ staged, computing }: Task): boolean {
  return Boolean(staged && !staged.isCleared && computing);
}

const conflict = (message: string): SteleError => new SteleError('CONFLICT', message);
