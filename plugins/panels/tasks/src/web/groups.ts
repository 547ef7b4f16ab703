import type { Task, TaskStaging } from '@stele/sdk/api';
import { formatDuration } from '@stele/sdk/web';
import { hasResultsElsewhere } from './staging-words.ts';

/** Tasks of the two parts of the page. */
export interface Groups {
  /** What runs or will, what ended while it was being looked at, and what has ended but for its results. */
  readonly active: readonly Task[];
  /** What had ended before. */
  readonly ended: readonly Task[];
}

/**
 * Divides tasks. One that ends while the page is open stays where it is (`seenLive`), so that nothing moves away under
 * the pointer.
 */
export function grouped(tasks: readonly Task[], seenLive: ReadonlySet<string>): Groups {
  const isActive = (task: Task): boolean =>
    task.phase !== 'ended' || seenLive.has(task.id) || hasResultsElsewhere(task);
  const newest = [...tasks].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  return { active: newest.filter(isActive), ended: newest.filter((task) => !isActive(task)) };
}

/** Seconds that a task has run, or ran; `undefined` for one that never started. */
export function runTime(task: Pick<Task, 'startedAt' | 'endedAt' | 'phase'>, now: number): number | undefined {
  if (task.startedAt === undefined) return undefined;
  const end = task.endedAt === undefined ? now : Date.parse(task.endedAt);
  return Math.max(0, (end - Date.parse(task.startedAt)) / 1000);
}

/** How long it runs, to the minute: nothing ticks on a card without need. */
export function runningFor(seconds: number, locale?: string): string {
  return seconds < 60 ? 'less than a minute' : formatDuration(seconds - (seconds % 60), locale);
}

/** What the same launch is asked for with; `undefined` when its software or computing is gone. */
export function again(task: Task, key: string): Readonly<Record<string, unknown>> | undefined {
  if (task.software.id === undefined || task.computing.id === undefined) return undefined;
  return {
    name: task.name,
    software: task.software.id,
    computing: task.computing.id,
    options: task.options,
    ...(task.engine ? { engine: task.engine } : {}),
    ...(task.staging ? { staging: stagingAgain(task.staging) } : {}),
    key,
  };
}

/** The same files from and to the same storages. One that is gone is the server’s to refuse. */
function stagingAgain({ in: sources, out, workspace }: TaskStaging): Readonly<Record<string, unknown>> {
  const place = ({ storage, path }: NonNullable<TaskStaging['workspace']>) => ({ storage: storage.id, path });
  return {
    ...(sources ? { in: sources.from.map(place) } : {}),
    ...(out ? { out: place(out.to) } : {}),
    ...(workspace?.storage.id === undefined ? {} : { workspace: workspace.storage.id }),
  };
}
