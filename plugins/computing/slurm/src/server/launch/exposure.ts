import type { ContainerEngine, Exposure, PublishedPort } from '@stele/sdk';
import { placeholders } from '@stele/sdk';
import type { Conf } from '../conf.ts';

type Choices = Pick<Conf, 'reach' | 'openInterfaces'>;
type Engine = Pick<ContainerEngine, 'capabilities'>;

/** Where an engine that maps ports publishes a task's: where the resource's way to tasks leads, and no further. Pure. */
export function publishedAt({ reach }: Pick<Conf, 'reach'>): PublishedPort {
  return { host: reach === 'jump' ? '127.0.0.1' : '0.0.0.0', port: placeholders.port };
}

/** Who but the platform gets to the interfaces of tasks in this engine. Nothing where their ports stay on a loopback. Pure. */
export function exposureOf(conf: Choices, { capabilities }: Engine): Exposure | undefined {
  const isOnLoopback = capabilities.portMapping && conf.reach === 'jump';
  if (isOnLoopback) return undefined;
  const why = capabilities.portMapping
    ? 'its port is open on its node'
    : 'its container shares the network of its node';
  return {
    says: `Others who use the cluster can get to this task’s interface, which asks for no password: ${why}.`,
    isRefused: conf.openInterfaces === 'refuse',
    ...(hasSockets(conf, { capabilities }) ? { sparesSockets: true } : {}),
  };
}

/** Whether an interface may be a socket of its node: only who is let in to the node as its account gets there. Pure. */
export function hasSockets({ reach }: Pick<Conf, 'reach'>, { capabilities }: Engine): boolean {
  return reach === 'jump' && capabilities.sockets === true;
}
