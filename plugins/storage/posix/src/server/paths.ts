import { type AuthMode, type Identity, matches, type StorageResource } from '@stele/sdk';
import { confOf } from './conf.ts';
import { baseNotAllowed, needsUser, noPath } from './errors.ts';

const variable = /\$USER(?![A-Za-z0-9_])/g;

/** The folder on the host that `who` sees. */
export function basePath(storage: StorageResource, who: Identity, bases: readonly string[]): string {
  const base = expand(confOf(storage.conf).base, who, 'conf.base');
  if (base === '/') throw baseNotAllowed(base);
  if (isOurs(storage.auth) && bases.length > 0 && !bases.some((allowed) => isBelow(base, allowed))) {
    throw baseNotAllowed(base);
  }
  return base;
}

/** The folder in a container that `who` runs. */
export function bindPath(storage: StorageResource, who: Identity): string {
  const { bind } = confOf(storage.conf);
  const path = expand(bind ?? `/storage/${nameInPath(storage)}`, who, 'conf.bind');
  if (path === '/') throw noPath(path, 'conf.bind');
  return path;
}

function expand(path: string, who: Identity, field: string): string {
  if (path.search(variable) >= 0 && who.kind !== 'user') throw needsUser(field);
  const name = who.kind === 'user' ? who.name : '';
  if (name !== '' && !matches('userName', name)) throw noPath(name, field);
  const expanded = path.replace(variable, name);
  if (!matches('absolutePath', expanded) || expanded.includes('$')) throw noPath(path, field);
  return expanded;
}

function nameInPath(storage: StorageResource): string {
  const name = storage.name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  return name === '' ? storage.id : name;
}

/** Whether the platform's own rights are used, rather than the user's. */
function isOurs(auth: AuthMode): boolean {
  return !auth.startsWith('user-');
}

function isBelow(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}
