import { hasCode, type LogOptions, SteleError } from '@stele/sdk';
import type { ClusterApi } from './api/cluster-api.ts';
import { paths } from './api/request.ts';
import type { Cluster } from './cluster.ts';
import type { Place } from './names.ts';
import { ending } from './pod/ending.ts';
import { podNameOf } from './task-pod.ts';

/** What a task printed. While its container is being made there is nothing yet; who follows waits for it. */
export async function* readLog(
  cluster: Cluster,
  place: Place,
  options: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const api = await cluster.api();
  for (;;) {
    const isFollowed = options.follow === true;
    const pod = { ...place, name: await podNameOf(cluster, place, signal) };
    const body = await opened(api, pod, options, signal);
    if (body !== undefined) return yield* body;
    if (!isFollowed || !(await hasNews(cluster, place, signal))) return;
  }
}

/** `undefined` while there is no container. */
async function opened(
  api: ClusterApi,
  { namespace, name }: Place,
  { follow, tail }: LogOptions,
  signal: AbortSignal,
): Promise<AsyncGenerator<Uint8Array> | undefined> {
  const query = { container: 'task', follow, tailLines: tail };
  try {
    const body = await api.open({ method: 'GET', path: paths.log(namespace, name), query }, signal);
    return chunks(api, body, signal);
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) {
      throw new SteleError('NOT_FOUND', 'The cluster has nothing of this task any more.', { cause: error });
    }
    if (hasCode(error, 'INVALID') && isTooEarly(error.raw ?? '')) return undefined;
    throw error;
  }
}

function isTooEarly(said: string): boolean {
  return /waiting to start|is not available|ContainerCreating|PodInitializing|not have a host assigned/.test(said);
}

async function* chunks(
  api: ClusterApi,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw api.explained(error, signal);
  }
}

/** Waits until the pod has changed. False when its container will never be. */
async function hasNews(cluster: Cluster, place: Place, signal: AbortSignal): Promise<boolean> {
  const store = await cluster.seen(signal);
  const pod = store.get(place);
  if (pod === undefined || ending(pod) !== undefined || signal.aborted) return false;
  if (pod.runningSince === undefined && pod.terminated === undefined) await store.change(signal);
  return !signal.aborted;
}
