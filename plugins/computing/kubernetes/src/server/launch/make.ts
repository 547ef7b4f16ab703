import { hasCode, SteleError } from '@stele/sdk';
import type { ClusterApi } from '../api/cluster-api.ts';
import { paths } from '../api/request.ts';
import { ownLabels } from '../names.ts';

/** Makes an object; `undefined` where it is there already. INVALID where its namespace isn’t. */
export async function make(api: ClusterApi, path: string, body: object, signal: AbortSignal): Promise<unknown> {
  try {
    return await api.change({ method: 'POST', path, body }, signal);
  } catch (error) {
    if (hasCode(error, 'CONFLICT') && /already exists/.test(error.raw ?? '')) return undefined;
    if (hasCode(error, 'NOT_FOUND')) throw noNamespace(error);
    throw error;
  }
}

/** Makes a namespace unless it is there. */
export async function makeNamespace(api: ClusterApi, namespace: string, signal: AbortSignal): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: ownLabels } };
  try {
    await api.get({ path: paths.namespace(namespace) }, signal);
  } catch (error) {
    if (!hasCode(error, 'NOT_FOUND')) throw error;
    await make(api, paths.namespaces, body, signal);
  }
}

function noNamespace(cause: SteleError): SteleError {
  const message = `The cluster has no such namespace: ${cause.raw ?? cause.message}. Have it made, or let Stele make those that are missing.`;
  return new SteleError('INVALID', message, { field: 'conf.namespace', cause });
}
