import { hasCode } from '@stele/sdk';
import { paths } from '../api/request.ts';
import type { Cluster } from '../cluster.ts';
import type { Place } from '../names.ts';
import { type PodSeen, uidOfRemoved } from '../pod/seen.ts';

/** Removes a job that has no pod, or one without a node yet: nothing of it is worth keeping but that we asked for its end. */
export async function dropJob(cluster: Cluster, place: Place, signal: AbortSignal, pod?: PodSeen): Promise<void> {
  const { namespace, name } = place;
  const body = { propagationPolicy: 'Background' };
  try {
    const api = await cluster.api();
    const answer = await api.change({ method: 'DELETE', path: paths.job(namespace, name), body }, signal);
    cluster.store.lose({ ...(pod ?? nobody(place, answer)), cancelledAt: new Date().toISOString() });
  } catch (error) {
    if (!hasCode(error, 'NOT_FOUND')) throw error;
  }
}

/** In place of the pod that there never was: known by its job's identity. */
function nobody({ namespace, name }: Place, answer: unknown): PodSeen {
  const uid = uidOfRemoved(answer) ?? '';
  const key = name.replace(/^stele-/, '');
  return { namespace, name, isJob: true, key, uid, version: '', phase: '', reason: '', message: '', conditions: {} };
}
