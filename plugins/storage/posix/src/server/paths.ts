import { type AuthMode, type Identity, matches, type StorageResource } from '@stele/sdk';
import { confOf } from './conf.ts';
import { baseNotAllowed, needsUser, noPath } from './errors.ts';

const platformUser = /\$USER(?![A-Za-z0-9_])/g;
const accountUser = /\$SSH_USER(?![A-Za-z0-9_])/g;

/** For whom a path is made: who asks, and what their account on the host is called. */
export interface For {
  readonly who: Identity;
  readonly account: string;
}

/** The folder on the host that somebody sees. */
export function basePath(storage: StorageResource, whom: For, bases: readonly string[]): string {
  const base = expand(confOf(storage.conf).base, whom, 'conf.base');
  if (base === '/') throw baseNotAllowed(base);
  if (isOurs(storage.auth) && bases.length > 0 && !bases.some((allowed) => isBelow(base, allowed))) {
    throw baseNotAllowed(base);
  }
  return base;
}

/** Whether all see the same folder: who works with the platform's rights has one account on the host with all others. Pure. */
export function isShared({ auth, conf }: Pick<StorageResource, 'auth' | 'conf'>): boolean {
  const { base } = confOf(conf);
  return base.search(platformUser) < 0 && (isOurs(auth) || base.search(accountUser) < 0);
}

/** The folder in a container that somebody runs. */
export function bindPath(storage: StorageResource, whom: For): string {
  const { bind } = confOf(storage.conf);
  const path = expand(bind ?? `/storage/${nameInPath(storage)}`, whom, 'conf.bind');
  if (path === '/') throw noPath(path, 'conf.bind');
  return path;
}

function expand(path: string, { who, account }: For, field: string): string {
  if (path.search(platformUser) >= 0 && who.kind !== 'user') throw needsUser(field);
  const name = who.kind === 'user' ? who.name : '';
  if (who.kind === 'user' && !matches('userName', name)) throw noPath(name, field);
  // Checked where it is used alone: on the platform's own machine an account may have a name of another grammar.
  if (path.search(accountUser) >= 0 && !matches('accountName', account)) throw noPath(account, field);
  const expanded = path.replace(accountUser, account).replace(platformUser, name);
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
export function isOurs(auth: AuthMode): boolean {
  return !auth.startsWith('user-');
}

/** Whether a path is that folder or lies in it. */
export function isBelow(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}
