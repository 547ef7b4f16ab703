import { setTimeout as sleep } from 'node:timers/promises';
import { type CallbackRecord, type LogOptions, SteleError } from '@stele/sdk';
import type { Scheduler } from '../scheduler.ts';
import { isJobAlive } from '../end.ts';
import { lastLines, logOf, newIn, statusOf } from './told.ts';

const step = 1_500;
/** Every so many steps the scheduler is asked whether the job lives: a node that died tells no end. */
const stepsToAsk = 20;

/** Where a log comes from. */
export interface ToldLog {
  readonly scheduler: Scheduler;
  readonly read: () => Promise<CallbackRecord | undefined>;
  readonly key: string;
  readonly signal: AbortSignal;
}

/** The end of what a task printed, as its agent told it. NOT_FOUND when nobody waits for it any more. */
export async function* toldLog(
  { scheduler, read, key, signal }: ToldLog,
  { follow = false, tail }: LogOptions,
): AsyncGenerator<Uint8Array> {
  let told = await read();
  if (told === undefined) throw new SteleError('NOT_FOUND', 'The task left nothing on the cluster.');
  let printed = logOf(told);
  const first = lastLines(printed, tail);
  if (first !== '') yield Buffer.from(first);
  for (let steps = 1; follow && told !== undefined && statusOf(told)?.phase !== 'ended'; steps += 1) {
    await sleep(step, undefined, { signal });
    if (steps % stepsToAsk === 0 && !(await isJobAlive(scheduler, key))) return;
    told = await read();
    const now = told === undefined ? printed : logOf(told);
    const more = newIn(printed, now);
    printed = now;
    if (more !== '') yield Buffer.from(more);
  }
}
