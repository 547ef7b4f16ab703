import type { Task, TaskStaging } from '@stele/sdk/api';
import { formatBytes, plural } from '@stele/sdk/web';

/** How far one direction is. */
export type Stage = NonNullable<TaskStaging['in'] | TaskStaging['out']>;

/** Whether files move, or wait for that. */
export function isOnItsWay({ state }: Stage): boolean {
  return state === 'waiting' || state === 'moving';
}

/** Whether an ended task has results that are on their way, or stuck: there is something to look at, or to do. */
export function hasResultsElsewhere({ phase, staging }: Task): boolean {
  const out = staging?.out;
  return phase === 'ended' && out !== undefined && (isOnItsWay(out) || out.state === 'failed');
}

/** How far the results are, in a sentence. */
export function movingWords({ state, reason, files, bytes, allFiles, allBytes }: Stage): string {
  if (reason !== undefined) return reason;
  if (state === 'waiting' || allFiles === undefined || allBytes === undefined)
    return 'Results are about to be brought back.';
  return `Results are brought back: ${files} of ${plural(allFiles, 'file', 'files')}, ${formatBytes(bytes)} of ${formatBytes(allBytes)}.`;
}

/** What came, in a sentence. */
export function arrivedWords({ files, bytes }: Stage): string {
  return `${plural(files, 'file', 'files')}, ${formatBytes(bytes)}.`;
}

/** Percent that are there; `undefined` before anything was counted. */
export function shareOf({ files, bytes, allFiles, allBytes }: Stage): number | undefined {
  if (allFiles === undefined || allBytes === undefined) return undefined;
  if (allBytes > 0) return Math.min(100, (100 * bytes) / allBytes);
  return allFiles > 0 ? (100 * files) / allFiles : 100;
}

/** Whether asking for the results makes sense now. */
export function mayBringBack({ phase, staging, computing }: Task): boolean {
  const state = staging?.out?.state;
  if (phase === 'running') return state === 'idle' || state === 'failed';
  return phase === 'ended' && state === 'failed' && computing.id !== undefined;
}
