import type { Exit } from './observe/exit.ts';
import { parseMoment } from './values/time.ts';

/** One job of ours as Slurm knows it. */
export interface Job {
  readonly id: string;
  readonly key: string;
  readonly state: string;
  /** The scheduler's word for why it waits or how it ended. */
  readonly reason: string;
  /** Whose it is: a number, or a name where only that is told. */
  readonly uid: string;
  /** Name of its account, where that is told as well. */
  readonly account?: string;
  readonly exit?: Exit;
  /** When it began; for a job that waits, when it is expected to. */
  readonly start?: string;
  /** When it ended; for a job that runs, when its time is over. */
  readonly end?: string;
  readonly nodes: readonly string[];
  /** How often it was queued again. */
  readonly restarts: number;
}

/** Adds what is known of times, in seconds since 1970 as text, and of the exit. */
export function withTimes(job: Job, start: string, end: string, exit: Exit | undefined): Job {
  const [startedAt, endedAt] = [parseMoment(start), parseMoment(end)];
  return {
    ...job,
    ...(startedAt === undefined ? {} : { start: startedAt }),
    ...(endedAt === undefined ? {} : { end: endedAt }),
    ...(exit === undefined ? {} : { exit }),
  };
}
