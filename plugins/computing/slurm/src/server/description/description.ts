import type { Architecture, ComputingDescription, ComputingResource, JsonObject } from '@stele/sdk';
import type { Cluster } from '../cluster.ts';
import { type Conf, confOf } from '../conf.ts';
import { exposureOf } from '../launch/exposure.ts';
import { failure, hasNoAccounting } from '../failures.ts';
import { size } from '../values/memory.ts';
import { durationWords } from '../values/time.ts';
import { type Allowance, associationsQuestion, defaultAccountQuestion, parseAllowance } from './accounts.ts';
import type { EngineFound } from './engines.ts';
import { gpusOf, nodesQuestion, parsePartitions, type Partition, partitionsQuestion } from './partitions.ts';

/** The driver's own part of a description. */
export interface Detail {
  readonly partitions: readonly Partition[];
  readonly allowance: Allowance;
}

/** What a cluster said about itself. */
export interface ClusterFacts extends Detail {
  /** E.g. `24.11.5`. */
  readonly version: string;
  readonly architecture?: Architecture;
}

const architectures: Readonly<Record<string, Architecture>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  ppc64le: 'ppc64le',
  riscv64: 'riscv64',
  s390x: 's390x',
};

/** Asks a cluster about itself, in five commands at once. */
export async function askCluster(cluster: Cluster): Promise<ClusterFacts> {
  const [version, partitions, nodes, allowance, machine] = await Promise.all([
    cluster.run(['scontrol', '--version']),
    cluster.run(partitionsQuestion),
    cluster.run(nodesQuestion),
    askAllowance(cluster),
    cluster.ask(['uname', '-m']),
  ]);
  const architecture = architectures[machine.trim()];
  return {
    version: /\d+\.\d+(?:\.\d+)?/.exec(version)?.[0] ?? version.trim().slice(0, 40),
    partitions: parsePartitions(partitions, nodes),
    allowance,
    ...(architecture === undefined ? {} : { architecture }),
  };
}

/** A cluster without accounting charges nothing. */
async function askAllowance(cluster: Cluster): Promise<Allowance> {
  const associations = await cluster.try(associationsQuestion(cluster.host.user));
  if (hasNoAccounting(associations)) return parseAllowance('', '');
  if (associations.exitCode !== 0) throw failure('sacctmgr', associations);
  return parseAllowance(associations.stdout, await cluster.run(defaultAccountQuestion(cluster.host.user)));
}

/** What the answers make of a resource. Pure. */
export function describe(
  { partitions, allowance, version, architecture }: ClusterFacts,
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
    size(memory),
    ...(gpus > 0 ? [`${gpus} ${gpus === 1 ? 'GPU' : 'GPUs'}`] : []),
    maxTime === undefined ? 'no time limit' : `up to ${durationWords(maxTime)}`,
    ...(isUp ? [] : ['starts no jobs at the moment']),
  ].join(', ');
}
