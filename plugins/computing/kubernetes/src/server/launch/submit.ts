import { type Call, hasCode, messageOf, SteleError } from '@stele/sdk';
import type { ClusterApi } from '../api/cluster-api.ts';
import { paths } from '../api/request.ts';
import { clean } from '../clean.ts';
import type { Cluster } from '../cluster.ts';
import type { Conf } from '../conf.ts';
import { firstPod, podsOf } from '../job/first-pod.ts';
import { formatRef, taskLabel } from '../names.ts';
import type { Manifests } from '../pod/manifest.ts';
import { type PodSeen, readPod } from '../pod/seen.ts';
import { firstTruth } from './first-truth.ts';
import { make, makeNamespace } from './make.ts';

/** What is submitted, and where to. */
export interface Submission {
  readonly cluster: Cluster;
  readonly conf: Conf;
  readonly key: string;
  readonly manifests: Manifests;
  readonly progress: (reason: string) => void;
}

/**
 * Makes a task's objects, each at most once, and waits until it is sure that its image isn't what will keep it from running.
 * @returns the task's reference
 */
export async function submit(submission: Submission, call: Call): Promise<string> {
  const { cluster, manifests } = submission;
  const api = await cluster.api();
  const earlier = await found(api, submission, call.signal);
  try {
    const pod = earlier ?? (await made(api, submission, call.signal));
    if (pod !== undefined) {
      cluster.store.put(pod);
      await firstTruth(cluster, pod, submission.progress, call.signal);
    }
    return formatRef(manifests.place);
  } catch (error) {
    // Who has left comes back, and goes on from here. What will never run leaves nothing.
    if (!call.signal.aborted && isFinal(error)) await leaveNothing(submission, call);
    throw error;
  }
}

/** What can't be removed now is removed with the task. */
async function leaveNothing({ cluster, manifests, key }: Submission, call: Call): Promise<void> {
  try {
    await clean(cluster, manifests.place, key, call.signal);
  } catch (error) {
    call.log.warn('what a refused task left could not be removed', { task: key, error: messageOf(error) });
  }
}

function isFinal(error: unknown): boolean {
  return !hasCode(error, 'UNREACHABLE') || error.field !== undefined;
}

/** The pod of an earlier try. */
async function found(
  api: ClusterApi,
  { manifests, key }: Submission,
  signal: AbortSignal,
): Promise<PodSeen | undefined> {
  const { namespace, name, isJob } = manifests.place;
  if (isJob === true) return (await podsOf(api, namespace, key, signal))[0];
  try {
    return ours(await api.get({ path: paths.pod(namespace, name) }, signal), key);
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}

/** `undefined` where a job has made no pod for now. */
async function made(api: ClusterApi, submission: Submission, signal: AbortSignal): Promise<PodSeen | undefined> {
  const { manifests, conf, key, cluster } = submission;
  const { namespace, name, isJob } = manifests.place;
  if (conf.makeNamespaces) await makeNamespace(api, namespace, signal);
  const guards = [
    make(api, paths.secrets(namespace), manifests.secret, signal),
    make(api, paths.policies(namespace), manifests.policy, signal),
    ...(manifests.pullSecret === undefined ? [] : [make(api, paths.secrets(namespace), manifests.pullSecret, signal)]),
  ];
  // All of them have to be over before what a refused task left can be removed.
  const failed = (await Promise.allSettled(guards)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
  const body = manifests.pod;
  if (isJob === true) {
    await make(api, paths.jobs(namespace), body, signal);
    return firstPod(cluster, manifests.place, signal);
  }
  const answer = await make(api, paths.pods(namespace), body, signal);
  if (answer !== undefined) return ours(answer, key);
  // Somebody else, who asked at the same time, was faster.
  return ours(await api.get({ path: paths.pod(namespace, name) }, signal), key);
}

function ours(answer: unknown, key: string): PodSeen {
  const pod = readPod(answer);
  if (pod?.key === key) return pod;
  throw new SteleError(
    'CONFLICT',
    `There is a pod of this name that isn’t a task’s: its label ${taskLabel} is another.`,
  );
}
