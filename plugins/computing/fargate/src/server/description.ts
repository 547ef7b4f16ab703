import type { ComputingDescription, JsonSchema } from '@stele/sdk';
import type { Cluster } from './aws/cloud.ts';
import type { Conf } from './conf.ts';
import { memoryFor, sizes } from './sizes.ts';

/** What a cluster makes of a resource. Pure. */
export function descriptionOf(conf: Conf, cluster: Cluster): ComputingDescription {
  return {
    architectures: ['amd64', 'arm64'],
    emulated: [],
    engines: [{ id: 'fargate', runtimes: [] }],
    facts: [
      { label: 'Region', value: conf.region },
      { label: 'Cluster', value: `${cluster.name}, ${cluster.running} running, ${cluster.pending} pending` },
      { label: 'Most for a task', value: most(conf) },
      { label: 'Networks', value: conf.networks.join(', ') },
    ],
    detail: { hasSpot: cluster.hasSpot },
  };
}

function most({ mostCpus }: Conf): string {
  return `${words(mostCpus)}, ${memoryFor(mostCpus).at(-1)} GiB`;
}

/** Schema of launch options. That a memory goes with the processors is told by `anyOf`, which the form leaves to the server. Pure. */
export function optionsOf(conf: Conf, { detail }: ComputingDescription): JsonSchema {
  const offered = sizes.filter(({ cpus }) => cpus <= conf.mostCpus);
  const all = offered.flatMap(({ memory: some }) => some);
  const cpus = {
    title: 'Processors',
    oneOf: offered.map((size) => ({ const: size.cpus, title: choice(size.cpus, size.memory) })),
    default: Math.min(conf.cpus, conf.mostCpus),
    'x-order': 1,
  };
  const memory = {
    type: 'number',
    title: 'Memory in GiB',
    description: 'What goes with the processors, as it stands beside their number. Empty: the least.',
    minimum: Math.min(...all),
    maximum: Math.max(...all),
    'x-order': 2,
  };
  const disk = {
    type: 'integer',
    title: 'Disk in GiB',
    description: 'For the image and what the task writes; gone with the task. Empty: 20.',
    minimum: 21,
    maximum: 200,
    'x-order': 3,
    'x-advanced': true,
  };
  const spot = {
    type: 'boolean',
    title: 'Spare machine',
    description: 'Cheaper. AWS ends the task when it needs the machine for others.',
    default: false,
    'x-order': 4,
    'x-advanced': true,
  };
  return {
    type: 'object',
    properties: { cpus, memory, disk, ...(detail['hasSpot'] === true ? { spot } : {}) },
    additionalProperties: false,
    anyOf: offered.map((size) => ({
      properties: { cpus: { const: size.cpus }, memory: { title: memory.title, enum: [...size.memory] } },
    })),
  };
}

function choice(cpus: number, memory: readonly number[]): string {
  return `${words(cpus)} (${memory[0]}–${memory.at(-1)} GiB)`;
}

function words(cpus: number): string {
  return cpus === 1 ? '1 processor' : `${cpus} processors`;
}
