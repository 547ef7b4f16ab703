import { SteleError } from '../errors.ts';

/** A name as the file system has it: any bytes but `/` and NUL. */
export type Name = Buffer;

const slash = 0x2f;
const nameLimit = 255;
const pathLimit = 4_096;

/**
 * The parts of a path as the contract has it; the root itself has none.
 * @throws INVALID (field `field`)
 */
export function partsOf(path: string, field = 'path'): Name[] {
  if (path === '') return [];
  if (!path.isWellFormed() || path.includes('\0') || Buffer.byteLength(path) > pathLimit) {
    throw new SteleError('INVALID', 'This is not a path.', { field });
  }
  return path.split('/').map((part) => nameOf(part, path, field));
}

function nameOf(part: string, path: string, field: string): Name {
  if (part === '' || part === '.' || part === '..') {
    throw new SteleError(
      'INVALID',
      `“${path}” is not a path below the root: no leading, doubled or closing “/”, no “.” and “..”.`,
      { field },
    );
  }
  const name = Buffer.from(part);
  if (name.length > nameLimit)
    throw new SteleError('INVALID', `“${part}” is longer than ${nameLimit} bytes.`, { field });
  return name;
}

/** Steps of a link's target, `..` among them. */
export function stepsOf(target: Buffer): Name[] {
  const steps: Name[] = [];
  let start = 0;
  for (let end = 0; end <= target.length; end += 1) {
    if (end < target.length && target[end] !== slash) continue;
    const step = target.subarray(start, end);
    if (step.length > 0 && !isDot(step)) steps.push(step);
    start = end + 1;
  }
  return steps;
}

/** Where an absolute `target` lies below `root`; `undefined` when it lies elsewhere. */
export function below(root: string, target: Buffer): Buffer | undefined {
  const prefix = Buffer.from(root);
  if (!target.subarray(0, prefix.length).equals(prefix)) return undefined;
  const rest = target.subarray(prefix.length);
  return rest.length === 0 || rest[0] === slash || root === '/' ? rest : undefined;
}

/** Whether a link's target begins at the host's root. */
export function isAbsolute(target: Buffer): boolean {
  return target[0] === slash;
}

/** Whether a step goes up. */
export function isDotDot(step: Buffer): boolean {
  return step.equals(dotDot);
}

function isDot(step: Buffer): boolean {
  return step.length === 1 && step[0] === 0x2e;
}

const dotDot = Buffer.from('..');

/** The path of `name` in the folder with the path `folder`. */
export function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Last part of a path, `` for the root. */
export function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
