import type { Task } from '@aws-sdk/client-ecs';
import type { TaskHandle } from '@stele/sdk';
import type { Cloud } from './aws/cloud.ts';
import { parseRef, type Ref, startedBy } from './ref.ts';

/**
 * The task of a handle: by its reference, or else by what it was started by, which it keeps when it has stopped. Nothing where
 * ECS knows of none.
 */
export async function find(
  cloud: Cloud,
  { key, ref }: TaskHandle,
  signal: AbortSignal,
): Promise<Pick<Ref, 'id'> | undefined> {
  const mark = startedBy(key);
  if (ref !== undefined) return parseRef(ref);
  const running = await findRunning(cloud, mark, signal);
  if (running !== undefined) return { id: running };
  const stopped = (await tasksBy(cloud, 'STOPPED', signal)).get(mark);
  return stopped && { id: stopped.id };
}

/** Id of a task that hasn’t been asked to stop, by what it was started by: no other filter may stand beside that one. */
export async function findRunning(cloud: Cloud, mark: string, signal: AbortSignal): Promise<string | undefined> {
  return (await cloud.list({ startedBy: mark }, signal))[0];
}

interface Found {
  readonly id: string;
  readonly task: Task;
}

/** All tasks of the cluster in one state, by what they were started by: for those whose references were lost. */
export async function tasksBy(
  cloud: Cloud,
  desiredStatus: 'RUNNING' | 'STOPPED',
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Found>> {
  const { tasks } = await cloud.describe(await cloud.list({ desiredStatus }, signal), signal);
  return new Map([...tasks].map(([id, task]) => [task.startedBy ?? '', { id, task }]));
}
