import type { ComputingResource, Host } from '@stele/sdk';
import { matches, SteleError } from '@stele/sdk';
import { confOf } from './conf.ts';

/** Folders of one account on the cluster's shared file system. */
export interface Folders {
  /** What is ours there. */
  readonly state: string;
  /** Of which each task has one, by its key. */
  readonly tasks: string;
}

/** What tasks have outside of their account's home: their records, and their sandboxes on the nodes. Pure. */
export function keptFolders(resource: Pick<ComputingResource, 'conf'>): readonly string[] {
  const { folder, sandbox } = confOf(resource);
  return [...(folder === undefined ? [] : [folder]), ...(sandbox === undefined ? [] : [`${sandbox}/stele-`])];
}

/** Where an account's tasks are. */
export async function foldersOf(resource: ComputingResource, host: Host, signal: AbortSignal): Promise<Folders> {
  const { folder } = confOf(resource);
  const state = folder === undefined ? `${await homeOf(host, signal)}/.stele` : folder.replaceAll('$USER', host.user);
  // The path becomes part of a job's script and of Slurm's file name patterns.
  if (/^\/[A-Za-z0-9._/-]+$/.test(state) && matches('absolutePath', state)) return { state, tasks: `${state}/tasks` };
  const message = `Tasks can’t keep their files in “${state}”: choose a folder whose path has plain letters, digits, “.”, “-” and “_”.`;
  throw new SteleError('INVALID', message, { field: 'conf.folder' });
}

/**
 * Refuses folders of somebody else. The operator's may lie where everybody may make folders: whoever makes them before the
 * account does would say what runs there with its rights. A home is its account's.
 * @throws DENIED (field `conf.folder`)
 */
export async function demandOwn(
  resource: Pick<ComputingResource, 'conf'>,
  { state, tasks }: Folders,
  host: Host,
  signal: AbortSignal,
): Promise<void> {
  if (confOf(resource).folder === undefined) return;
  const safe = ['-prune', '-type', 'd', '-user', host.user, '!', '-perm', '-020', '!', '-perm', '-002'];
  const { stdout } = await host.exec(['find', state, tasks, ...safe], {}, signal);
  if (stdout === `${state}\n${tasks}\n`) return;
  const message = `Tasks can’t keep their files in “${state}”: it isn’t a folder of the account “${host.user}” alone, and others could change what its jobs run. Have it removed, or closed to others.`;
  throw new SteleError('DENIED', message, { field: 'conf.folder' });
}

/** Milliseconds for which a home is believed to be where it was. */
const homeLife = 600_000;
const homes = new WeakMap<object, { readonly home: string; readonly until: number }>();

/** All leases of a connection share what is known of it. */
async function homeOf(host: Host, signal: AbortSignal): Promise<string> {
  const known = host.connection && homes.get(host.connection);
  if (known !== undefined && performance.now() < known.until) return known.home;
  const home = await askForHome(host, signal);
  if (host.connection) homes.set(host.connection, { home, until: performance.now() + homeLife });
  return home;
}

/** As the account's own log-in has it: the real path may be another one on the nodes. */
async function askForHome(host: Host, signal: AbortSignal): Promise<string> {
  const { stdout } = await host.exec(['printenv', 'HOME'], {}, signal);
  const home = stdout.replace(/\n$/, '');
  if (home.startsWith('/')) return home === '/' ? '' : home.replace(/\/+$/, '');
  throw new SteleError('INVALID', `The account “${host.user}” has no home on the cluster.`, { field: 'conf.folder' });
}
