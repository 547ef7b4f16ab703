import type { Task } from '@aws-sdk/client-ecs';
import { hasCode, type Observation, type TaskHandle } from '@stele/sdk';
import type { Cloud, Described } from '../aws/cloud.ts';
import { tasksBy } from '../find.ts';
import { parseRef, type Ref, startedBy } from '../ref.ts';
import { observationOf } from './observation.ts';

type Seen = ReadonlyMap<string, Observation>;

/** What observing works with. */
export interface Observing {
  readonly cloud: Cloud;
  /** Which of these tasks have been cleaned up. */
  readonly cleared: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Milliseconds after which ECS should know of a task that it has made itself. */
  readonly consistency: number;
  readonly now: () => number;
}

/** State of many tasks: a question for each hundred. Those whose references were lost are looked for among all. */
export async function observe(parts: Observing, tasks: readonly TaskHandle[], signal: AbortSignal): Promise<Seen> {
  const read = tasks.map((task) => ({ key: task.key, ref: readRef(task) }));
  const known = read.flatMap(({ key, ref }) => (typeof ref === 'object' ? [{ key, ref }] : []));
  const lost = read.filter(({ ref }) => ref === 'lost').map(({ key }) => key);
  const damaged = read.filter(({ ref }) => ref === 'damaged').map(({ key }) => key);
  const [byRef, byMark] = await Promise.all([observeKnown(parts, known, signal), search(parts, lost, signal)]);
  const unreadable = damaged.map((key) => [key, { phase: 'unknown', reason: 'Its reference is damaged.' }] as const);
  return new Map([...byRef, ...byMark, ...unreadable]);
}

function readRef({ ref }: TaskHandle): Ref | 'lost' | 'damaged' {
  try {
    return ref === undefined ? 'lost' : parseRef(ref);
  } catch (error) {
    if (hasCode(error, 'INVALID')) return 'damaged';
    throw error;
  }
}

interface Known {
  readonly key: string;
  readonly ref: Ref;
}

async function observeKnown(parts: Observing, known: readonly Known[], signal: AbortSignal): Promise<Seen> {
  const ids = known.map(({ ref }) => ref.id);
  const described = await parts.cloud.describe(ids, signal);
  const cleared = await clearedOf(parts, described.tasks);
  return new Map(
    known.map(({ key, ref }) => {
      const task = described.tasks.get(ref.id);
      if (cleared.has(ref.id)) return [key, { phase: 'absent' }];
      return [key, task === undefined ? missing(ref, described, parts) : observationOf(task)];
    }),
  );
}

/** Only what has stopped, or is about to, can have been cleaned up. */
function clearedOf({ cleared }: Observing, tasks: ReadonlyMap<string, Task>): Promise<ReadonlySet<string>> {
  const over = [...tasks].filter(([, task]) => task.desiredStatus === 'STOPPED' || task.lastStatus === 'STOPPED');
  return cleared(over.map(([id]) => id));
}

/**
 * ECS doesn’t know it. That says nothing of a task that was made a moment ago, of which it may not know yet; and of an older one
 * no more than that it has been gone for an hour.
 */
function missing({ id, madeAt }: Ref, { failures }: Described, { consistency, now }: Observing): Observation {
  const failure = failures.get(id);
  if (failure !== undefined && failure !== 'MISSING')
    return { phase: 'unknown', reason: `ECS can’t tell: ${failure}.` };
  const isYoung = madeAt !== undefined && now() - madeAt * 1000 < consistency;
  if (isYoung) return { phase: 'unknown', reason: 'ECS has made the task and doesn’t show it yet.' };
  return { phase: 'absent' };
}

async function search(parts: Observing, keys: readonly string[], signal: AbortSignal): Promise<Seen> {
  if (keys.length === 0) return new Map();
  const [running, stopped] = await Promise.all([
    tasksBy(parts.cloud, 'RUNNING', signal),
    tasksBy(parts.cloud, 'STOPPED', signal),
  ]);
  const found = new Map([...stopped, ...running]);
  const cleared = await clearedOf(parts, new Map([...found.values()].map(({ id, task }) => [id, task])));
  return new Map(
    keys.map((key) => {
      const match = found.get(markOf(key));
      const isGone = match === undefined || cleared.has(match.id);
      return [key, isGone ? { phase: 'absent' } : observationOf(match.task)];
    }),
  );
}

/** What isn’t a key marks nothing. */
function markOf(key: string): string {
  try {
    return startedBy(key);
  } catch (error) {
    if (hasCode(error, 'INVALID')) return '';
    throw error;
  }
}
