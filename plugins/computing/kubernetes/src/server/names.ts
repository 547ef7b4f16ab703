import { type Identity, matches, SteleError } from '@stele/sdk';

/** The label by which a task's objects are known, with its key as value. */
export const taskLabel = 'stele.task';
/** Labels of all that the platform makes. */
export const ownLabels = { 'app.kubernetes.io/managed-by': 'stele' } as const;
/** The label, with the task's key, of what keeps files for it: apart from its own, which is judged by its pods. */
export const stageLabel = 'stele.stage';
/** What selects pods of tasks. */
export const taskSelector = taskLabel;
/** Annotation of a pod whose end was asked for. */
export const cancelledAt = 'stele.cancelled-at';

/** The name of a task's pod, of its secret and of its network policy: what makes submission idempotent. */
export function objectName(key: string): string {
  if (!matches('taskKey', key)) throw new SteleError('INVALID', `“${key}” is not a task key.`, { field: 'key' });
  return `stele-${key}`;
}

/** The name of the secret with a task's credentials for a registry. */
export function pullSecretName(key: string): string {
  return `${objectName(key)}-pull`;
}

/** The name of the claim for a task's own folder, and of the pod by which files get there and back. */
export function stageName(key: string): string {
  return `${objectName(key)}-stage`;
}

/** Where a task's pod is. */
export interface Place {
  readonly namespace: string;
  /** Of the pod, or of the job that makes it. */
  readonly name: string;
  /** Whether it is a job. Absent: nobody knows, since its reference was lost. */
  readonly isJob?: boolean;
}

/** Writes a reference. */
export function formatRef({ namespace, name, isJob = false }: Place): string {
  return `${namespace}/${isJob ? 'job/' : ''}${name}`;
}

/** Reads a reference. INVALID for one that isn't ours: it becomes part of a path. */
export function parseRef(ref: string): Place {
  const form = /^([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\/(job\/)?(stele-[a-z0-9]{16})$/;
  const [, namespace, job, name] = form.exec(ref) ?? [];
  if (namespace === undefined || name === undefined) {
    throw new SteleError('INVALID', `“${ref}” is not a reference of this driver.`, { field: 'ref' });
  }
  return { namespace, name, isJob: job !== undefined };
}

/** Whether each user has a namespace of their own. */
export function isPerUser(template: string): boolean {
  return template.includes('$USER');
}

/** The namespace of somebody's tasks. */
export function namespaceOf(template: string, who: Identity): string {
  if (isPerUser(template) && who.kind !== 'user') {
    throw new SteleError('INVALID', 'Tasks of the platform itself have no namespace, where each user has one.', {
      field: 'conf.namespace',
    });
  }
  const namespace = template.replaceAll('$USER', who.kind === 'user' ? withoutUnderscores(who.name) : '');
  if (/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace)) return namespace;
  throw new SteleError('INVALID', `“${namespace}” can’t be the name of a namespace.`, { field: 'conf.namespace' });
}

/**
 * A user's name as part of a namespace's: `_` becomes `-u`. A `-` that could be taken for the beginning of that, or can't stand
 * where it is, becomes `-h`: so two users never share a namespace.
 */
export function withoutUnderscores(name: string): string {
  return name.replaceAll(/_|-(?![a-gi-tv-z0-9])/g, (found) => (found === '_' ? '-u' : '-h'));
}

/** What labels, annotations and the like say of a task for people, cut to what is harmless. */
export function annotationsOf(name: string, who: Identity): Readonly<Record<string, string>> {
  return { 'stele.name': name.slice(0, 256), ...(who.kind === 'user' ? { 'stele.user': who.name } : {}) };
}
