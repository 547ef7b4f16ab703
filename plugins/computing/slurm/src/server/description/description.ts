import { type ComputingDescription, type ComputingResource, type JsonObject, memoryInWords } from '@stele/sdk';
import type { Cluster } from '../cluster.ts';
import { type Conf, confOf } from '../conf.ts';
import { exposureOf } from '../launch/exposure.ts';
import type { Allowance, Partition, SchedulerFacts } from '../scheduler.ts';
import { durationWords } from '../values/time.ts';
import { architectureOf } from './architecture.ts';
import type { EngineFound } from './engines.ts';
import { gpusOf } from './partition.ts';

/** The driver's own part of a description. */
export interface Detail {
  readonly partitions: readonly Partition[];
  readonly allowance: Allowance;
}

/** Asks a cluster about itself. Where the scheduler doesn't tell its nodes' architecture, the login node's is theirs. */
export async function askCluster(cluster: Cluster): Promise<SchedulerFacts> {
  const [facts, machine] = await Promise.all([cluster.scheduler.facts(), cluster.ask(['uname', '-m'])]);
  const architecture = facts.architecture ?? architectureOf(machine);
  return { ...facts, ...(architecture === undefined ? {} : { architecture }) };
}

/** What the answers make of a resource. Pure. */
export function describe(
  { partitions, allowance, version, architecture, api, tokenEndsAt }: SchedulerFacts,
  engines: readonly EngineFound[],
  resource: Pick<ComputingResource, 'engines' | 'conf'>,
): ComputingDescription {
  const detail: Detail = { partitions, allowance };
  const runtimes = new Map(resource.engines.map((one) => [one.id, one.runtimes]));
  return {
    architectures: architecture === undefined ? [] : [architecture],
    emulated: [],
    engines: engines.map(({ id, status }) => ({ id, runtimes: runtimes.get(id) ?? status?.runtimes ?? [] })),
    exposures: exposuresOf(confOf(resource), engines),
    facts: [
      { label: 'Slurm', value: version },
      ...(api === undefined ? [] : [{ label: 'REST API', value: api }]),
      ...(tokenEndsAt === undefined ? [] : [{ label: 'Token ends', value: tokenEndsAt }]),
      ...partitions.map((partition) => ({
        label: `Partition ${partition.name}`,
        value: partitionWords(partition),
        isChoice: true,
      })),
      ...(allowance.accounts.length > 0 ? [{ label: 'Accounts', value: allowance.accounts.join(', ') }] : []),
      ...engines.map(({ title, status }) => ({ label: title, value: status?.version ?? 'on the compute nodes' })),
    ],
    detail: JSON.parse(JSON.stringify(detail)) as JsonObject,
  };
}

function exposuresOf(conf: Conf, engines: readonly EngineFound[]): ComputingDescription['exposures'] & object {
  return Object.fromEntries(
    engines.flatMap(({ id, engine }) => {
      const exposure = exposureOf(conf, engine);
      return exposure === undefined ? [] : [[id, exposure] as const];
    }),
  );
}

function partitionWords(partition: Partition): string {
  const { nodes, cpus, memory, maxTime, isUp } = partition;
  const gpus = gpusOf(partition);
  return [
    `${nodes} ${nodes === 1 ? 'node' : 'nodes'}`,
    `${cpus} ${cpus === 1 ? 'core' : 'cores'}`,
    memoryInWords(memory),
    ...(gpus > 0 ? [`${gpus} ${gpus === 1 ? 'GPU' : 'GPUs'}`] : []),
    maxTime === undefined ? 'no time limit' : `up to ${durationWords(maxTime)}`,
    ...(isUp ? [] : ['starts no jobs at the moment']),
  ].join(', ');
}
