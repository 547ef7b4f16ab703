import { hasCode } from '@stele/sdk';
import type { ClusterApi } from './api/cluster-api.ts';
import { paths } from './api/request.ts';
import type { Cluster } from './cluster.ts';
import { podsOf } from './job/first-pod.ts';
import { type Place, pullSecretName } from './names.ts';
import { uidOfRemoved } from './pod/seen.ts';

/** Removes all that a task made in the cluster, at once: what is left of it has ended, or isn't to go on. */
export async function clean(cluster: Cluster, place: Place, key: string, signal: AbortSignal): Promise<void> {
  const { namespace, name } = place;
  const api = await cluster.api();
  if (place.isJob !== false) await cleanJob(cluster, api, place, key, signal);
  if (place.isJob !== true) await cleanPod(cluster, api, place, name, signal);
  await Promise.all([
    remove(api, paths.secret(namespace, name), signal),
    remove(api, paths.secret(namespace, pullSecretName(key)), signal),
    remove(api, paths.policy(namespace, name), signal),
  ]);
}

async function cleanPod(
  cluster: Cluster,
  api: ClusterApi,
  place: Place,
  pod: string,
  signal: AbortSignal,
): Promise<void> {
  const removed = await remove(api, paths.pod(place.namespace, pod), signal);
  cluster.store.remove(place, uidOfRemoved(removed));
}

/** The job first, or it would make another pod. */
async function cleanJob(
  cluster: Cluster,
  api: ClusterApi,
  place: Place,
  key: string,
  signal: AbortSignal,
): Promise<void> {
  const { namespace, name, isJob } = place;
  try {
    await remove(api, paths.job(namespace, name), signal, { propagationPolicy: 'Background' });
  } catch (error) {
    // An account that may remove no jobs has made none.
    if (isJob === true || !hasCode(error, 'DENIED')) throw error;
    return;
  }
  for (const { pod } of await podsOf(api, namespace, key, signal)) {
    if (pod !== undefined) await cleanPod(cluster, api, place, pod, signal);
  }
  cluster.store.remove(place, undefined);
}

/** What the API says of what it removed; `undefined` where nothing was. */
export async function remove(
  api: ClusterApi,
  path: string,
  signal: AbortSignal,
  body: object = { gracePeriodSeconds: 0 },
): Promise<unknown> {
  try {
    return await api.change({ method: 'DELETE', path, body }, signal);
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}
