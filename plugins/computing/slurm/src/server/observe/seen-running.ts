import type { SeenRunning } from './observe.ts';
import type { Job } from './queue.ts';

const most = 20_000;

/** Runs of jobs whose containers were seen running. Forgetting one costs a look, no more. */
export class RunningRuns implements SeenRunning {
  readonly #runs = new Map<string, string>();

  has(task: string, job: Job): boolean {
    return this.#runs.get(task) === runOf(job);
  }

  add(task: string, job: Job): void {
    this.#runs.delete(task);
    this.#runs.set(task, runOf(job));
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > most && oldest !== undefined) this.#runs.delete(oldest);
  }
}

/** A job that is queued again runs anew. */
function runOf({ id, restarts, start }: Job): string {
  return `${id} ${restarts} ${start}`;
}
