import { matches, SteleError } from '@stele/sdk';
import type { Task } from '@aws-sdk/client-ecs';

/** A task of ECS. */
export interface Ref {
  /** Its id: the end of its ARN. */
  readonly id: string;
  /** When it was made, in seconds since 1970; absent where ECS doesn’t tell. */
  readonly madeAt?: number;
}

const rule = /^([0-9a-f][0-9a-f-]{30,34}[0-9a-f])(?:@([0-9]{9,11}))?$/;

/** Reads a reference. INVALID for one that isn’t ours. */
export function parseRef(text: string): Ref {
  const [, id, seconds] = rule.exec(text) ?? [];
  if (id === undefined) {
    throw new SteleError('INVALID', `“${text}” is not a reference of this driver.`, { field: 'ref' });
  }
  return { id, ...(seconds === undefined ? {} : { madeAt: Number(seconds) }) };
}

/** Writes a reference: the same whenever ECS is asked for the task. */
export function refOf(task: Pick<Task, 'taskArn' | 'createdAt'>): string {
  const madeAt = task.createdAt === undefined ? '' : `@${Math.floor(task.createdAt.getTime() / 1000)}`;
  return `${idOf(task.taskArn)}${madeAt}`;
}

/** Id of a task by its ARN, whichever of the two forms that has. */
export function idOf(arn: string | undefined): string {
  return arn?.split('/').at(-1) ?? '';
}

const prefix = 'stele-';

/** What a task of ours is started by, in the words of ECS: it stays when the task stops, as tags don’t. */
export function startedBy(key: string): string {
  if (matches('taskKey', key)) return `${prefix}${key}`;
  throw new SteleError('INVALID', `“${key}” is not a task key.`, { field: 'key' });
}
