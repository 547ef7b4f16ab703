import type { Call, ComputingResource, Host, HostService, Identity, TaskHandle } from '@stele/sdk';

/** Tasks of one account on the cluster. */
export interface Group {
  readonly who: Identity;
  readonly tasks: readonly TaskHandle[];
}

/** Tasks by whose account they are: everybody's is the same unless users bring their own credentials. */
export function groupsOf(resource: ComputingResource, tasks: readonly TaskHandle[], call: Call): readonly Group[] {
  const isOwn = resource.auth.startsWith('user-');
  const groups = Map.groupBy(tasks, ({ who }) => (isOwn && who.kind === 'user' ? who.id : ''));
  return [...groups.values()].map((members) => ({
    who: isOwn ? (members[0]?.who ?? call.who) : call.who,
    tasks: members,
  }));
}

/** Leases the host for a group's account. */
export function openFor(hosts: HostService, resource: ComputingResource, who: Identity, call: Call): Promise<Host> {
  return hosts.open(resource, { ...call, who });
}
