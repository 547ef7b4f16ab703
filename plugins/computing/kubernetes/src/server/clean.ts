import { hasCode } from '@stele/sdk';
import type { ClusterApi } from './api/cluster-api.ts';
import { paths } from './api/request.ts';
import type { Cluster } from './cluster.ts';
import { type Place, pullSecretName } from './names.ts';
import { fieldsOf } from './pod/seen.ts';

/** Removes all that a task made in the cluster, at once: what is left of it has ended, or isn't to go on. */
export async function clean(cluster: Cluster, place: Place, key: string, signal: AbortSignal): Promise<void> {
  const { namespace, name } = place;
  const api = await cluster.api();
  const removed = fieldsOf(await remove(api, paths.pod(namespace, name), signal));
  const uid = fieldsOf(removed['metadata'])['uid'] ?? fieldsOf(removed['details'])['uid'];
  cluster.store.remove(place, typeof uid === 'string' ? uid : undefined);
  await Promise.all([
    remove(api, paths.secret(namespace, name), signal),
    remove(api, paths.secret(namespace, pullSecretName(key)), signal),
    remove(api, paths.policy(namespace, name), signal),
  ]);
}

/** What the API says of what it removed; `undefined` where nothing was. */
async function remove(api: ClusterApi, path: string, signal: AbortSignal): Promise<unknown> {
  try {
    return await api.change({ method: 'DELETE', path, body: { gracePeriodSeconds: 0 } }, signal);
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}
