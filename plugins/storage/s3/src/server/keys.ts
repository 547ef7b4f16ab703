import { type Identity, matches } from '@stele/sdk';
import { partsOf } from '@stele/sdk/trees';
import { isTheRoot, needsUser, pathTooLong } from './errors.ts';

const longestKey = 1_024;
const longestName = 255;
const user = /\$USER(?![A-Za-z0-9_])/g;

/** Where somebody's tree begins: `` for a whole bucket, else with a closing slash. */
export function rootFor(prefix: string, who: Identity): string {
  if (prefix.search(user) >= 0 && (who.kind !== 'user' || !matches('userName', who.name))) throw needsUser();
  const name = who.kind === 'user' ? who.name : '';
  const parts = partsOf(prefix.replace(user, name).replace(/\/$/, ''), 'conf.prefix').map(String);
  return parts.map((part) => `${part}/`).join('');
}

/** A path of the tree, as keys of the bucket. */
export interface At {
  readonly path: string;
  /** Key of the object, were it a file. */
  readonly key: string;
  /** What keys of all that is in it begin with, were it a folder; also the key of the object that marks an empty one. */
  readonly folder: string;
}

/** @throws INVALID (field `field`) for what is no path */
export function atPath(root: string, path: string, field = 'path'): At {
  partsOf(path, field);
  const folder = path === '' ? root : `${root}${path}/`;
  if (Buffer.byteLength(folder) > longestKey) throw pathTooLong(field);
  return { path, key: root + path, folder };
}

/** As {@link atPath}, for what is to be changed: never the root. */
export function atEntry(root: string, path: string, field = 'path'): At {
  const at = atPath(root, path, field);
  if (path === '') throw isTheRoot(field);
  return at;
}

/** Path of the folder that something lies in. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Whether a part of a key can be a name here; other clients make keys that can't: `a//b`, `../x`. */
export function isName(part: string): boolean {
  if (part === '' || part === '.' || part === '..' || part.includes('\0')) return false;
  return part.isWellFormed() && Buffer.byteLength(part) <= longestName;
}

/** What a copy is made of, as its header wants it. */
export function copySource(bucket: string, key: string): string {
  return `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}
