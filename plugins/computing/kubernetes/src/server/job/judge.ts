import { hasCode, type Observation } from '@stele/sdk';
import { paths } from '../api/request.ts';
import type { Cluster } from '../cluster.ts';
import { formatRef, type Place } from '../names.ts';
import { fieldsOf, listOf, textOf } from '../pod/seen.ts';

/** State of a task whose job has no pod that anybody knows of: the job itself is asked. */
export async function observeJob(cluster: Cluster, place: Place, signal: AbortSignal): Promise<Observation> {
  try {
    const api = await cluster.api();
    return judgeJob(await api.get({ path: paths.job(place.namespace, place.name) }, signal), place);
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return { phase: 'absent' };
    throw error;
  }
}

/** What a job without a pod says about its task. Pure. */
export function judgeJob(job: unknown, place: Place): Observation {
  const { spec, status } = fieldsOf(job);
  const ref = formatRef(place);
  const conditions = listOf(fieldsOf(status)['conditions']).filter((one) => one['status'] === 'True');
  const has = (type: string) => conditions.find((one) => one['type'] === type);
  if (has('Complete') !== undefined) return { phase: 'ended', ref, outcome: 'completed' };
  const failed = has('Failed');
  if (failed !== undefined) {
    const detail = textOf(failed['message']);
    const reason = 'The cluster has given its job up, and its pod is gone.';
    return { phase: 'ended', ref, outcome: 'failed', reason, ...(detail === '' ? {} : { detail }) };
  }
  if (fieldsOf(spec)['suspend'] === true) return { phase: 'held', ref, reason: 'The cluster holds its job back.' };
  return { phase: 'queued', ref, reason: 'Waiting: its job has made no pod yet.' };
}
