import type { Task } from '@aws-sdk/client-ecs';
import { type Dialer, type Reach, SteleError } from '@stele/sdk';
import type { Cloud } from './aws/cloud.ts';

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
