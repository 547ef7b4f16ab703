import { checkNetworks, type ComputingFact, type ComputingResource, SteleError } from '@stele/sdk';
import { type Conf, confOf } from '../conf.ts';
import { callersOf } from './submit.ts';

/** What has to be right before a task can call. @throws INVALID, naming the field */
export function checkCalls(resource: Pick<ComputingResource, 'conf'>, origin: string): void {
  const conf = confOf(resource);
  checkSettings(conf);
  checkNetworks(conf.networks, 'conf.networks');
  checkNetworks(callersOf(conf), 'conf.callers');
  const { hostname } = new URL(origin);
  if (!/^(?:(?:.*\.)?localhost|127\.[\d.]+|\[::1\])$/.test(hostname)) return;
  const message = `Tasks call the platform, and it calls itself ${origin}, where no node gets to: set “url” of the site.`;
  throw new SteleError('INVALID', message, { field: 'access' });
}

function checkSettings({ restUrl, networks, reach, requeue }: Conf): void {
  if (restUrl === undefined || restUrl === '') {
    throw invalid('restUrl', 'Without a login node Slurm is asked by its REST API: say where it is.');
  }
  if (networks.length === 0) throw invalid('networks', 'Say in which networks the nodes are.');
  if (reach === 'jump') throw invalid('reach', 'Without a login node nobody leads to the loopback of the nodes.');
  if (requeue) throw invalid('requeue', 'A job that calls the platform can’t be run twice.');
}

function invalid(name: string, message: string): SteleError {
  return new SteleError('INVALID', message, { field: `conf.${name}` });
}

/** What is told of calls when the resource is checked. Pure. */
export function callFacts(origin: string): readonly ComputingFact[] {
  const isOpen = origin.startsWith('http:');
  const value = isOpen
    ? `${origin}, without TLS: who listens in the network reads what tasks are handed`
    : `${origin}; nodes need curl or wget`;
  return [{ label: 'Tasks call', value }];
}
