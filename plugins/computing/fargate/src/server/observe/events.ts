import type { Task } from '@aws-sdk/client-ecs';
import type { TaskEvent } from '@stele/sdk';
import { wordsOf } from './ending.ts';
import { stopFacts } from './observation.ts';

/** What ECS notes of a task, by the field that has the moment. */
const moments = [
  ['createdAt', 'Created', 'ECS took the task.'],
  ['connectivityAt', 'Connected', 'The task has its network.'],
  ['pullStartedAt', 'Pulling', 'The image is fetched.'],
  ['pullStoppedAt', 'Pulled', 'The image was fetched, or could not be.'],
  ['startedAt', 'Started', 'The container runs.'],
  ['stoppingAt', 'Stopping', 'The task is ended.'],
  ['executionStoppedAt', 'Ended', 'The container has ended.'],
] as const;

/** What happened to a task of ECS, the oldest first. Pure. */
export function eventsOf(task: Task): readonly TaskEvent[] {
  const known = moments.flatMap(([field, reason, says]) => {
    const at = task[field]?.toISOString();
    return at === undefined ? [] : [{ at, reason, says }];
  });
  return [...known, ...stoppedEvent(task)].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function stoppedEvent(task: Task): readonly (TaskEvent & { readonly at: string })[] {
  if (task.stoppedAt === undefined) return [];
  const says = wordsOf(stopFacts(task));
  const isWarning = task.stopCode !== 'UserInitiated' && task.stopCode !== 'EssentialContainerExited';
  return [
    {
      ...{ at: task.stoppedAt.toISOString(), reason: task.stopCode ?? 'Stopped' },
      ...(says === '' ? {} : { says }),
      ...(isWarning ? { isWarning } : {}),
    },
  ];
}
