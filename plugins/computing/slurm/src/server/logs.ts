import { setTimeout as sleep } from 'node:timers/promises';
import type { Host, LogOptions } from '@stele/sdk';
import { hasCode, SteleError } from '@stele/sdk';
import { isJobAlive } from './end.ts';
import type { Cluster } from './cluster.ts';
import type { Folders } from './home.ts';
import { readStatus } from './status.ts';

const step = 1_000;
/** Every so many steps the scheduler is asked whether the job lives: a node that died writes no end. */
const stepsToAsk = 30;
/** `tail` looks once a second where the file system tells no news. */
const lastWords = 1_500;

/** What a task printed, as its agent keeps it. NOT_FOUND when the task's folder is gone. */
export async function* readLog(
  cluster: Cluster,
  { tasks }: Folders,
  key: string,
  { follow = false, tail }: LogOptions,
): AsyncGenerator<Uint8Array> {
  const { host, signal } = cluster;
  const hasLog = await checkLog(host, tasks, key, signal);
  if (!hasLog && !follow) return;
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  const lines = tail === undefined ? '+1' : String(tail);
  const argv = ['tail', '-n', lines, ...(follow ? ['-F'] : []), '--', `${tasks}/${key}/log`];
  const process = await host.spawn(argv, {}, signal);
  process.stdin.end();
  process.stderr.resume();
  const watching = follow ? watch(cluster, tasks, key, stop).then(() => process.kill()) : Promise.resolve();
  watching.catch(() => process.kill());
  try {
    for await (const chunk of process.stdout) yield chunk as Uint8Array;
  } finally {
    over.abort();
    process.kill();
    await process.exited;
  }
}

/** Whether there is a log yet. */
async function checkLog(host: Host, tasks: string, key: string, signal: AbortSignal): Promise<boolean> {
  const tree = host.files(tasks);
  try {
    await tree.stat(key, signal);
  } catch (error) {
    if (!hasCode(error, 'NOT_FOUND')) throw error;
    throw new SteleError('NOT_FOUND', 'The task left nothing on the cluster.', { cause: error });
  }
  try {
    await tree.stat(`${key}/log`, signal);
    return true;
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return false;
    throw error;
  }
}

/** Resolves when a task has ended and its last words can be read. */
async function watch(cluster: Cluster, tasks: string, key: string, signal: AbortSignal): Promise<void> {
  for (let steps = 1; !signal.aborted; steps += 1) {
    const status = await readStatus(cluster.host, tasks, key, signal);
    if (status?.phase === 'ended' || (steps % stepsToAsk === 0 && !(await isJobAlive(cluster.scheduler, key)))) break;
    await sleep(step, undefined, { signal });
  }
  await sleep(lastWords, undefined, { signal });
}
