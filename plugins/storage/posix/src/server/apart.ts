import { type Host, hasCode, type StorageResource } from '@stele/sdk';
import { holdsOthers } from './errors.ts';
import { isBelow, isOurs } from './paths.ts';

/**
 * What nobody may get at through a storage with the platform's rights: the keys of its account, and what everybody's tasks have
 * there, in files (`.stele`, sandboxes of nodes) and as containers of Podman.
 */
const always = ['~/.ssh', '~/.stele', '~/.local/share/containers', '/tmp/stele-', '/var/tmp/stele-'];

/**
 * Refuses a folder that shows, or lies in, what has to stay apart. Users' own rights show nothing of others'.
 * Links are followed: what tasks may write to may hold links.
 * @throws DENIED (field `conf.base`)
 */
export async function demandApart(
  host: Host,
  base: string,
  storage: StorageResource,
  signal: AbortSignal,
): Promise<void> {
  if (!isOurs(storage.auth)) return;
  const named = (storage.apart ?? []).map((path) => path.replaceAll('$USER', host.user));
  const [real = base, home, ...kept] = await Promise.all(
    [base, '~', ...always, ...named].map((path) => realOf(host, path, signal)),
  );
  // A home is more than what is named: what lies in it decides what the account runs.
  const isHome = home !== undefined && isBelow(home, real);
  if (isHome || kept.some((path) => path !== undefined && (isBelow(path, real) || isBelow(real, path)))) {
    throw holdsOthers(base, host.name);
  }
}

/** Where a path leads, or would lead if the rest of it were there. */
async function realOf(host: Host, path: string, signal: AbortSignal): Promise<string | undefined> {
  const real = await found(host, path, signal);
  if (real !== undefined) return real;
  const end = path.lastIndexOf('/');
  if (end <= 0) return end === 0 ? path : undefined;
  const parent = await realOf(host, path.slice(0, end), signal);
  return parent === undefined ? undefined : `${parent === '/' ? '' : parent}${path.slice(end)}`;
}

/** What the account can't get to it can't show either. */
async function found(host: Host, path: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    return await host.realPath(path, signal);
  } catch (error) {
    if (hasCode(error, 'DENIED')) return undefined;
    throw error;
  }
}
