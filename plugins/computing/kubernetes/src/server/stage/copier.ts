import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, SteleError } from '@stele/sdk';
import type { ClusterApi } from '../api/cluster-api.ts';
import { paths } from '../api/request.ts';
import { remove } from '../clean.ts';
import type { Conf } from '../conf.ts';
import { make, makeNamespace } from '../launch/make.ts';
import type { Place } from '../names.ts';
import { fieldsOf } from '../pod/seen.ts';
import { type CopierState, copierState } from './copier-state.ts';
import { claimOf, copierOf, copierPlace, type StagePlace } from './manifests.ts';

/** Milliseconds that a node has to make the pod, and the cluster to make a volume for it. */
const patience = 180_000;
/** Milliseconds between two looks. */
const period = 300;
/** Milliseconds that an image has, which a registry may refuse for a moment. */
const indulgence = 6_000;

/**
 * Brings up the pod that copies a task's files, with the volume that they lie in.
 * @throws UNREACHABLE where it isn't there in time, INVALID where it can't be as the settings are, LIMIT, DENIED
 */
export async function bringUp(api: ClusterApi, place: StagePlace, conf: Conf, signal: AbortSignal): Promise<Place> {
  const { namespace } = place;
  if (conf.makeNamespaces) await makeNamespace(api, namespace, signal);
  const copier = copierPlace(place);
  const begun = Date.now();
  while (!(await isClaimed(api, place, conf, signal))) {
    demandPatience(undefined, Date.now() - begun);
    await sleep(period, undefined, { signal });
  }
  for (;;) {
    const seen = await look(api, copier, signal);
    if (seen?.state === 'ready') return copier;
    if (seen === undefined) await make(api, paths.pods(namespace), copierOf(place, conf), signal);
    if (seen?.state === 'over') await takeDown(api, copier, signal);
    demandPatience(seen, Date.now() - begun);
    await sleep(period, undefined, { signal });
  }
}

/** Claims the volume, unless it is there. False while an earlier one is being removed: what lay in it is not to be found again. */
async function isClaimed(api: ClusterApi, place: StagePlace, conf: Conf, signal: AbortSignal): Promise<boolean> {
  const { namespace, name } = copierPlace(place);
  const made = await make(api, paths.claims(namespace), claimOf(place, conf), signal);
  if (made !== undefined) return true;
  try {
    const { metadata } = fieldsOf(await api.get({ path: paths.claim(namespace, name) }, signal));
    return fieldsOf(metadata)['deletionTimestamp'] === undefined;
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return false;
    throw error;
  }
}

/** Removes that pod; the volume stays. Idempotent. */
export async function takeDown(api: ClusterApi, { namespace, name }: Place, signal: AbortSignal): Promise<void> {
  await remove(api, paths.pod(namespace, name), signal);
}

async function look(
  api: ClusterApi,
  { namespace, name }: Place,
  signal: AbortSignal,
): Promise<CopierState | undefined> {
  try {
    return copierState(await api.get({ path: paths.pod(namespace, name) }, signal));
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return undefined;
    throw error;
  }
}

function demandPatience(seen: CopierState | undefined, age: number): void {
  if (seen?.state === 'refused' && age > indulgence) {
    const message = `The cluster can’t run the image that copies files: ${seen.words}`;
    throw new SteleError('INVALID', message, { field: 'conf.stageImage' });
  }
  if (age < patience) return;
  const words = seen?.state === 'waiting' && seen.words !== '' ? seen.words : 'it doesn’t say why';
  throw new SteleError('UNREACHABLE', `The cluster has no place yet for what copies the task’s files: ${words}.`);
}
