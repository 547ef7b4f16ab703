import { SteleError } from '@stele/sdk';
import type { ClusterApi } from '../api/cluster-api.ts';
import { paths } from '../api/request.ts';
import type { Cluster } from '../cluster.ts';
import { type Place, taskLabel } from '../names.ts';
import { fieldsOf, listOf, type PodSeen, readPod } from '../pod/seen.ts';
import { refusalOf } from './refusal.ts';

/** Milliseconds that a job has to make its pod. What takes longer is observed. */
const patience = 15_000;
/** Milliseconds after which its events are asked why it hasn't. */
const pause = 500;

/** A task's pods, whoever made them. */
export async function podsOf(
  api: ClusterApi,
  namespace: string,
  key: string,
  signal: AbortSignal,
): Promise<readonly PodSeen[]> {
  const query = { labelSelector: `${taskLabel}=${key}` };
  const answer = await api.get({ path: paths.pods(namespace), query }, signal);
  return listOf(fieldsOf(answer)['items']).flatMap((item) => readPod(item) ?? []);
}

/**
 * Waits for the pod that a job makes; `undefined` where it makes none for now.
 * @throws LIMIT, DENIED, INVALID: what keeps it from making one
 */
export async function firstPod(cluster: Cluster, place: Place, signal: AbortSignal): Promise<PodSeen | undefined> {
  const api = await cluster.api();
  const store = await cluster.seen(signal);
  const until = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  while (!until.aborted) {
    const change = store.change(AbortSignal.any([until, AbortSignal.timeout(pause)]));
    const pod = store.get(place) ?? store.gone(place);
    if (pod !== undefined) return pod;
    await change;
    if (store.get(place) === undefined) await demandNoRefusal(api, place, signal);
  }
  if (signal.aborted) throw new SteleError('UNREACHABLE', 'The call was ended before the task was seen to start.');
  return undefined;
}

async function demandNoRefusal(api: ClusterApi, { namespace, name }: Place, signal: AbortSignal): Promise<void> {
  const fieldSelector = `involvedObject.kind=Job,involvedObject.name=${name}`;
  const events = await api.get({ path: paths.events(namespace), query: { fieldSelector } }, signal);
  const refusal = refusalOf(events, api.way.name);
  if (refusal !== undefined) throw refusal;
}
