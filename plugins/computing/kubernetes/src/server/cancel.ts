import { hasCode } from '@stele/sdk';
import type { ClusterApi } from './api/cluster-api.ts';
import { paths } from './api/request.ts';
import type { Cluster } from './cluster.ts';
import { dropJob } from './job/drop.ts';
import { cancelledAt, type Place } from './names.ts';
import { ending } from './pod/ending.ts';
import { type PodSeen, readPod } from './pod/seen.ts';
import { podNameOf } from './task-pod.ts';

/**
 * Asks a task to end. Its pod is told that its time is over: so it stays, with its exit code and its log, which it wouldn't if it were
 * deleted. A pod that has no node yet has no time either, and nothing to keep: it is deleted, or the job that would make another.
 */
export async function cancel(cluster: Cluster, place: Place, signal: AbortSignal): Promise<void> {
  const api = await cluster.api();
  for (let tries = 1; ; tries += 1) {
    const pod = await get(api, { ...place, name: await podNameOf(cluster, place, signal) }, signal);
    if (pod === undefined) return place.isJob === true ? dropJob(cluster, place, signal) : undefined;
    if (ending(pod) !== undefined || pod.cancelledAt !== undefined) return;
    try {
      return await (pod.node === undefined ? drop(cluster, api, pod, signal) : stop(cluster, api, pod, signal));
    } catch (error) {
      // It has changed meanwhile: has got a node, perhaps.
      if (!hasCode(error, 'CONFLICT') || tries === patience) throw error;
    }
  }
}

/** Tries. */
const patience = 5;

async function stop(cluster: Cluster, api: ClusterApi, pod: PodSeen, signal: AbortSignal): Promise<void> {
  const body = {
    metadata: { uid: pod.uid, annotations: { [cancelledAt]: new Date().toISOString() } },
    spec: { activeDeadlineSeconds: 1 },
  };
  const path = paths.pod(pod.namespace, pod.pod ?? pod.name);
  const changed = readPod(await unlessGone(api.change({ method: 'PATCH', path, body }, signal)));
  if (changed !== undefined) cluster.store.put(changed);
}

async function drop(cluster: Cluster, api: ClusterApi, pod: PodSeen, signal: AbortSignal): Promise<void> {
  if (pod.isJob === true) return dropJob(cluster, pod, signal, pod);
  const { namespace, name, uid, version } = pod;
  const asked = { ...pod, cancelledAt: new Date().toISOString() };
  // Unless it has got a node meanwhile: then its version is another.
  const body = { gracePeriodSeconds: 0, preconditions: { uid, resourceVersion: version } };
  await unlessGone(api.change({ method: 'DELETE', path: paths.pod(namespace, name), body }, signal));
  cluster.store.lose(asked);
}

async function get(api: ClusterApi, { namespace, name }: Place, signal: AbortSignal): Promise<PodSeen | undefined> {
  return readPod(await unlessGone(api.get({ path: paths.pod(namespace, name) }, signal)));
}

async function unlessGone(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}
