import { matches, SteleError } from '@stele/sdk';

/** Names that Slurm gives to partitions, accounts, qualities of service, features and types of GPUs. */
export const word = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';

/** Whether a text is such a name. */
export function isWord(text: string): boolean {
  return new RegExp(`^${word}$`).test(text);
}

const prefix = 'stele-';

/** The name of a task's job: what makes submission idempotent, and a lost job findable. INVALID for what is no key. */
export function jobName(key: string): string {
  if (!matches('taskKey', key)) throw new SteleError('INVALID', `“${key}” is not a task key.`, { field: 'key' });
  return `${prefix}${key}`;
}

/** The key in a job's name. Nothing for jobs that aren't ours. */
export function keyOf(name: string): string | undefined {
  const key = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  return matches('taskKey', key) ? key : undefined;
}

/** Reads a reference: the number of a job. INVALID for one that isn't ours, since it becomes part of a command. */
export function parseRef(ref: string): string {
  if (/^[1-9][0-9]{0,9}$/.test(ref)) return ref;
  throw new SteleError('INVALID', 'This is no reference of a Slurm job.', { field: 'ref' });
}

/** Whether a reference can be read. */
export function isRef(ref: string): boolean {
  return /^[1-9][0-9]{0,9}$/.test(ref);
}

/** Whether a text can be the name or address of a node. */
export function isNodeName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._:-]{0,254}$/.test(text);
}
