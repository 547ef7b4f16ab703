/** Why a job waits. */
export interface Waiting {
  readonly phase: 'queued' | 'held';
  /** A sentence for people. */
  readonly reason: string;
}

const never = (why: string): Waiting => ({
  phase: 'queued',
  reason: `This job can never start: ${why} Stop it, and launch with other options.`,
});
const waits = (reason: string): Waiting => ({ phase: 'queued', reason });
const held = (reason: string): Waiting => ({ phase: 'held', reason });

const resources: Readonly<Record<string, string>> = {
  Billing: 'billing',
  BB: 'burst buffers',
  Cpu: 'cores',
  CPU: 'cores',
  Energy: 'energy',
  GRES: 'GPUs or other devices',
  Jobs: 'jobs',
  License: 'licences',
  Mem: 'memory',
  Memory: 'memory',
  Node: 'nodes',
  Submit: 'submitted jobs',
  Unk: 'resources',
  Unknown: 'resources',
  Wall: 'time',
};

const reasons: Readonly<Record<string, Waiting>> = {
  None: waits('Waiting for the scheduler to look at it.'),
  '': waits('Waiting for the scheduler to look at it.'),
  Resources: waits('Waiting for free nodes: it is next.'),
  Priority: waits('Waiting: jobs of higher priority come first.'),
  Dependency: waits('Waiting for another job to end.'),
  DependencyNeverSatisfied: never('it waits for a job that didn’t end as it should.'),
  BeginTime: waits('Waiting for its begin time; a job that was queued again waits two minutes.'),
  JobHeldUser: held('Held by its owner.'),
  JobHeldAdmin: held('Held by an administrator of the cluster.'),
  JobHoldMaxRequeue: held('Held: it was queued again too often.'),
  JobLaunchFailure: waits('It could not be started on its node; waiting for another try.'),
  BadConstraints: never('no node has what it asks for.'),
  PartitionNodeLimit: never('it asks for more nodes than the partition gives to one job.'),
  PartitionTimeLimit: never('it asks for more time than the partition gives.'),
  PartitionDown: waits('The partition takes no jobs at the moment.'),
  PartitionInactive: waits('The partition starts no jobs at the moment.'),
  PartitionConfig: never('the partition is not set up for such jobs.'),
  AccountNotAllowed: never('its account may not use the partition.'),
  QOSNotAllowed: never('its quality of service may not be used there.'),
  QOSTimeLimit: never('it asks for more time than its quality of service gives.'),
  QOSResourceLimit: waits('Waiting: a limit of its quality of service is reached.'),
  QOSUsageThreshold: waits('Waiting: the usage threshold of its quality of service is passed.'),
  QOSGrpUsageLimit: waits('Waiting: the use that its quality of service grants is spent.'),
  AssociationTimeLimit: never('it asks for more time than the account gives.'),
  AssociationResourceLimit: waits('Waiting: a limit of the account is reached.'),
  AssociationJobLimit: waits('Waiting: the account has as many jobs as it may have.'),
  AssociationUsageThreshold: waits('Waiting: the usage threshold of the account is passed.'),
  InvalidAccount: never('its account is not valid any more.'),
  InvalidQOS: never('its quality of service is not valid any more.'),
  ReqNodeNotAvail: waits('Waiting for a node that is down, drained or reserved.'),
  NodeDown: waits('Waiting for a node that is down.'),
  FrontEndDown: waits('Waiting: no front-end node runs jobs.'),
  Nodes_required_for_job_are_DOWN: waits('Waiting for nodes that are down, drained or reserved for others.'),
  Reservation: waits('Waiting for its reservation to begin.'),
  ReservationDeleted: held('Its reservation was deleted.'),
  ReservationInvalid: never('its reservation can’t be used.'),
  Licenses: waits('Waiting for a licence.'),
  Cleaning: waits('The job is queued again; its first run is being cleaned up.'),
  Prolog: waits('The node is being prepared.'),
  Reboot: waits('Waiting for a node to restart.'),
  SchedDefer: waits('Waiting for the scheduler’s next round.'),
  SystemFailure: waits('Waiting: something failed in the cluster.'),
  FedJobLock: waits('Waiting for the clusters of the federation to agree.'),
  JobArrayTaskLimit: waits('Waiting for other jobs of its array.'),
  MaxRequeueLimit: held('Held: it was queued again too often.'),
  MaxPowerPerAccount: waits('Waiting for power.'),
  PowerNotAvail: waits('Waiting for power.'),
  PowerReserved: waits('Waiting for power.'),
  NoReserve: waits('Waiting for the scheduler.'),
  NodeNotAvail: waits('Waiting for a node.'),
  BurstBufferResources: waits('Waiting for room in the burst buffer.'),
  BurstBufferStageIn: waits('Its files are being copied to the burst buffer.'),
  BurstBufferOperation: held('Held: the burst buffer failed.'),
  AccountingPolicy: waits('Waiting: a limit of the account is reached.'),
  ExcMpiPorts: waits('Waiting for free ports.'),
  DeadLine: never('it could not end before its deadline.'),
  OutOfMemory: waits('It ran out of memory.'),
  launch_failed_requeued_held: held(
    'It could not be started on its node, was queued again and is held. Release it to try once more.',
  ),
  user_env_retrieval_failed_requeued_held: held(
    'The cluster could not read the user’s environment, and holds the job. Release it to try once more.',
  ),
  job_requeued_in_held_state: held('It was queued again and is held.'),
};

/** Why a job waits, from the scheduler's word: `Resources`, `ReqNodeNotAvail, UnavailableNodes:node3`, `(launch failed requeued held)`. */
export function waitingFor(word: string): Waiting {
  const text = word.trim().replace(/^\((.*)\)$/s, '$1');
  const name = text.split(/[,(]/)[0]?.trim().replaceAll(' ', '_') ?? '';
  const known = lookUp(name) ?? lookUp(text.replaceAll(' ', '_'));
  const nodes = /UnavailableNodes:(\S+)/.exec(text)?.[1];
  if (known)
    return nodes === undefined ? known : { ...known, reason: `${known.reason.slice(0, -1)}: ${nodes.slice(0, 200)}.` };
  if (/^Nodes required for job are DOWN/i.test(text)) return lookUp('Nodes_required_for_job_are_DOWN') as Waiting;
  return limit(name) ?? (/held/i.test(text) ? held('The cluster holds the job.') : waits('Waiting in the queue.'));
}

function lookUp(name: string): Waiting | undefined {
  return Object.hasOwn(reasons, name) ? reasons[name] : undefined;
}

/** Limits, of which there are some two hundred: `QOSMaxCpuPerUserLimit`, `AssocGrpMemRunMinutes`, `MaxGRESPerAccount`. */
function limit(name: string): Waiting | undefined {
  const [, scope, kind, what = ''] =
    /^(QOS|Assoc)?(Grp|Max|Min)([A-Z][A-Za-z]*?)(?:Per(?:User|Account|Job|Node)|PU|PA)?(?:Per(?:User|Account|Job|Node))?(?:Limit|NotSatisfied)?$/.exec(
      name,
    ) ?? [];
  if (kind === undefined) return undefined;
  const amount = what.replace(/(?:RunMinutes|Minutes|Duration|Job|(?<=Submit)Jobs)$/, '');
  const words = Object.hasOwn(resources, amount) ? resources[amount] : 'resources';
  const who = scope === 'QOS' ? 'its quality of service' : 'the account';
  if (kind === 'Min') return never(`it asks for less than the least that ${who} demands of ${words}.`);
  if (kind === 'Max' && /(?:PerJob|PerNode|MinutesPerJob|Wall\w*)/.test(name)) {
    return never(`it asks for more ${words} than ${who} gives to one job.`);
  }
  const whose = kind === 'Grp' ? ', with the jobs of others,' : '';
  return waits(`Waiting: ${who} has${whose} as much in use as it may have of ${words}.`);
}
