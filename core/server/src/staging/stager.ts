import { hasCode, isSteleError } from '@stele/sdk';
import type { Stage, StagedState, Task } from '../model/index.ts';
import { nextStep, type StagingStep } from './next-step.ts';
import type { StagerParts, StagingChange } from './parts.ts';
import { Work } from './work.ts';

/** Milliseconds before the first repeated try; each further one waits twice as long, up to {@link longest}. */
const firstPause = 2_000;
const longest = 60_000;

/**
 * Brings files into tasks and back. Whatever was under way when a platform died is done again from the row: what is there
 * already is passed over, and a file is there whole or not at all.
 */
export class Stager {
  readonly #parts: StagerParts;
  /** Tries that failed in a row, and when the next is due. Forgotten with the process: the first try costs little. */
  readonly #failures = new Map<string, { readonly count: number; readonly due: number }>();

  constructor(parts: StagerParts) {
    this.#parts = parts;
  }

  /** Whether to try now: a storage that doesn't answer is asked ever more rarely. */
  isDue(id: string): boolean {
    return (this.#failures.get(id)?.due ?? 0) <= this.#now();
  }

  /** Does one step and writes down what came of it. Never rejects for what a storage does. */
  async run(id: string, step: StagingStep, signal: AbortSignal): Promise<void> {
    const row = await this.#parts.store.byId(id);
    if (!row?.staging || !row.staged || nextStep(row) !== step) return;
    try {
      this.#parts.fence.demand();
      await this.#step(step, new Work(this.#parts, row, row.staging, row.staged, signal));
      this.#failures.delete(id);
    } catch (error) {
      if (signal.aborted) return;
      this.#parts.log[isSteleError(error) ? 'info' : 'error']('staging failed', { task: id, step, error });
      if (mayPass(error)) this.#put(id);
      await this.#parts.store.change(id, (fresh) => failed(fresh, step, error));
    }
  }

  #step(step: StagingStep, work: Work): Promise<void> {
    if (step === 'in') return work.bringIn();
    return step === 'out' ? work.bringBack() : work.clear();
  }

  #put(id: string): void {
    const count = (this.#failures.get(id)?.count ?? 0) + 1;
    const pause = Math.min(longest, firstPause * 2 ** (count - 1));
    this.#failures.set(id, { count, due: this.#now() + pause });
  }

  #now(): number {
    return (this.#parts.now ?? Date.now)();
  }
}

/** Whether it may go better another time: nobody answers, or the fault is ours, as of a database that was away. */
const mayPass = (error: unknown): boolean => hasCode(error, 'UNREACHABLE') || !isSteleError(error);

/** What a failure makes of the task: another try, an end before it began, or a folder that stays where it is. */
export function failed(fresh: Task, step: StagingStep, error: unknown): StagingChange {
  const { staged } = fresh;
  if (!staged) return {};
  const isTriedAgain = mayPass(error);
  const reason = isSteleError(error) ? error.message : 'The platform failed. Its log has the details.';
  if (step === 'clear') return isTriedAgain ? {} : { staged: { ...staged, isCleared: true } };
  const words = isTriedAgain ? `${reason} It is tried again.` : reason;
  if (step === 'in') return fresh.phase === 'submitting' ? inAfter(staged, words, error) : {};
  return staged.out ? { staged: { ...staged, out: outAfter(fresh, staged.out, isTriedAgain, words) } } : {};
}

/** What can't be brought in ends the task, unless it may pass. */
function inAfter(staged: StagedState, reason: string, error: unknown): StagingChange {
  const after = (state: Stage['state']): StagedState => ({ ...staged, in: { ...staged.in, state, reason } });
  if (!isSteleError(error) || mayPass(error)) return { staged: after('waiting'), reason };
  const said = `The files could not be brought in. ${reason}`;
  const ended = { phase: 'ended', outcome: 'rejected', endedAt: new Date() } as const;
  return { staged: after('failed'), reason: said, detail: error.code, ...ended };
}

/** While the task runs a failure is only said: at the end it is tried in any case. */
function outAfter(task: Task, out: Stage, isTriedAgain: boolean, reason: string): Stage {
  return { ...out, state: isTriedAgain ? 'waiting' : task.hasEnded() ? 'failed' : 'idle', reason };
}
