import { isIP } from 'node:net';
import type { Task } from '@aws-sdk/client-ecs';
import { type Dialer, type Reach, SteleError } from '@stele/sdk';
import type { Cloud } from './aws/cloud.ts';

/** Refuses what is no network, before a task is run that nobody could reach. INVALID (field `conf.networks`). Pure. */
export function checkNetworks(networks: readonly string[]): void {
  const wrong = networks.find((network) => !isNetwork(network));
  if (wrong === undefined) return;
  const message = `“${wrong}” is neither an IP address nor a network such as 10.20.0.0/16.`;
  throw new SteleError('INVALID', message, { field: 'conf.networks' });
}

function isNetwork(network: string): boolean {
  const [address = '', bits, ...more] = network.split('/');
  const widest = isIP(address) === 6 ? 128 : 32;
  return isIP(address) !== 0 && more.length === 0 && (bits === undefined || (bits !== '' && Number(bits) <= widest));
}

/** Where a task’s interface is: at the private address of its network interface. CONFLICT while it isn’t running. */
export async function reachOf(cloud: Cloud, id: string, via: Dialer, signal: AbortSignal): Promise<Reach> {
  const task = (await cloud.describe([id], signal)).tasks.get(id);
  if (task?.lastStatus !== 'RUNNING' || task.desiredStatus === 'STOPPED') {
    throw new SteleError('CONFLICT', 'The task isn’t running.');
  }
  const host = addressOf(task);
  const port = task.taskDefinitionArn === undefined ? undefined : await cloud.port(task.taskDefinitionArn, signal);
  if (host !== undefined && port !== undefined) return { address: { host, port }, via };
  throw new SteleError('CONFLICT', 'ECS doesn’t tell yet where the task is.');
}

/** The private address of a task’s own network interface. Pure. */
export function addressOf({ attachments = [], containers = [] }: Task): string | undefined {
  const details = attachments
    .filter(({ type }) => type === 'ElasticNetworkInterface')
    .flatMap(({ details: some = [] }) => some);
  const attached = details.find(({ name }) => name === 'privateIPv4Address')?.value;
  return attached ?? containers.flatMap(({ networkInterfaces = [] }) => networkInterfaces)[0]?.privateIpv4Address;
}
