import type { SeenRunning } from './observe.ts';
import type { Job } from '../job.ts';

const most = 20_000;

interface Run {
  readonly name: string;
  readonly nodes: readonly string[];
}

/** Runs of jobs whose containers were seen running. Forgetting one costs a look, no more. */
export class RunningRuns implements SeenRunning {
  readonly #runs = new Map<string, Run>();

  has(task: string, job: Job): boolean {
    return this.#runs.get(task)?.name === nameOf(job);
  }

  nodesOf(task: string): readonly string[] {
    return this.#runs.get(task)?.nodes ?? [];
  }

  add(task: string, job: Job): void {
    this.#runs.delete(task);
    this.#runs.set(task, { name: nameOf(job), nodes: job.nodes });
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > most && oldest !== undefined) this.#runs.delete(oldest);
  }

  forget(task: string): void {
    this.#runs.delete(task);
  }
}

/** A job that is queued again runs anew. */
function nameOf({ id, restarts, start }: Job): string {
  return `${id} ${restarts} ${start}`;
}
