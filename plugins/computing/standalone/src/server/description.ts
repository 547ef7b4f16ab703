import {
  type Architecture,
  type ComputingDescription,
  type EngineStatus,
  type JsonSchema,
  memoryInWords,
} from '@stele/sdk';
import { type Conf, leastMemory } from './conf.ts';
import type { Machine } from './machine.ts';

/** One engine that answered. */
export interface EngineFound {
  readonly id: string;
  readonly title: string;
  readonly status: EngineStatus;
}

/** The driver's own part of a description. */
interface Detail {
  /** Bytes that a task can have; 0: no limit can be set. */
  readonly memory: number;
  /** Processors that a task can have; 0: no limit can be set. */
  readonly cpus: number;
}

/** What a host and its engines make of a resource. Pure. */
export function describe(
  machine: Machine,
  engines: readonly EngineFound[],
  exposures: NonNullable<ComputingDescription['exposures']> = {},
): ComputingDescription {
  const architecture = machine.architecture ?? engines[0]?.status.architecture;
  const canLimit = engines.some(({ status }) => status.limits);
  return {
    architectures: architecture === undefined ? [] : [architecture satisfies Architecture],
    emulated: [],
    engines: engines.map(({ id, status }) => ({ id, runtimes: status.runtimes })),
    exposures,
    facts: facts(machine, engines),
    detail: {
      memory: canLimit ? (machine.memory ?? 0) : 0,
      cpus: canLimit ? (machine.cpus ?? 0) : 0,
    },
  };
}

/** Schema of launch options. Pure. */
export function options(conf: Conf, description: ComputingDescription): JsonSchema {
  const detail = description.detail as unknown as Detail;
  const memory = {
    type: 'integer',
    title: 'Memory',
    description: 'The task is ended when it needs more. Empty: no limit.',
    minimum: leastMemory,
    maximum: Math.max(detail.memory, leastMemory),
    ...(conf.memory === undefined ? {} : { default: Math.min(conf.memory, detail.memory) }),
    'x-unit': 'bytes',
    'x-order': 1,
  };
  const cpus = {
    type: 'number',
    title: 'Processors',
    description: 'Cores that the task may keep busy, fractions allowed. Empty: no limit.',
    minimum: 0.1,
    maximum: Math.max(detail.cpus, 1),
    ...(conf.cpus === undefined ? {} : { default: Math.min(conf.cpus, detail.cpus) }),
    'x-order': 2,
  };
  const properties = { ...(detail.memory > 0 ? { memory } : {}), ...(detail.cpus > 0 ? { cpus } : {}) };
  return { type: 'object', properties, additionalProperties: false };
}

function facts(
  { system, cpus, memory, disk }: Machine,
  engines: readonly EngineFound[],
): ComputingDescription['facts'] {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['System', system],
    ['CPU', cpus === undefined ? undefined : `${cpus} ${cpus === 1 ? 'core' : 'cores'}`],
    ['Memory', memory === undefined ? undefined : memoryInWords(memory)],
    ['Disk', disk === undefined ? undefined : `${memoryInWords(disk.free)} free of ${memoryInWords(disk.total)}`],
    ...engines.map(({ title, status }) => [title, engineText(status)] as const),
  ];
  return rows.flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }]));
}

function engineText({ product, version, runtimes, network }: EngineStatus): string {
  const name = product === undefined ? '' : `${product} `;
  const choice = runtimes.length === 0 ? '' : ` (${runtimes.join(', ')})`;
  return `${name}${version}${choice}, ${network ?? 'tasks can reach each other'}`;
}
