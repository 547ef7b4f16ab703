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

/** Where an account's tasks are. */
export async function foldersOf(resource: ComputingResource, host: Host, signal: AbortSignal): Promise<Folders> {
  const { folder } = confOf(resource);
  const state = folder === undefined ? `${await homeOf(host, signal)}/.stele` : folder.replaceAll('$USER', host.user);
  // The path becomes part of a job's script and of Slurm's file name patterns.
  if (/^\/[A-Za-z0-9._/-]+$/.test(state) && matches('absolutePath', state)) return { state, tasks: `${state}/tasks` };
  const message = `Tasks can’t keep their files in “${state}”: choose a folder whose path has plain letters, digits, “.”, “-” and “_”.`;
  throw new SteleError('INVALID', message, { field: 'conf.folder' });
}

/** As the account's own log-in has it: the real path may be another one on the nodes. */
async function homeOf(host: Host, signal: AbortSignal): Promise<string> {
  const { stdout } = await host.exec(['printenv', 'HOME'], {}, signal);
  const home = stdout.replace(/\n$/, '');
  if (home.startsWith('/')) return home === '/' ? '' : home.replace(/\/+$/, '');
  throw new SteleError('INVALID', `The account “${host.user}” has no home on the cluster.`, { field: 'conf.folder' });
}
