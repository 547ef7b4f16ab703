import type { ComputingDescription, JsonObject, JsonSchema } from '@stele/sdk';
import { type Conf, leastMemory } from '../conf.ts';

/** What a task asks for. */
export interface Wish {
  /** Bytes. */
  readonly memory: number;
  readonly cpus: number;
  readonly gpus: number;
  /** Seconds. */
  readonly time?: number;
  /** Whether a job is to make the pod. */
  readonly asJob: boolean;
}

/** What a launch asks for, or the resource gives to those that ask for nothing. Pure. */
export function wishOf(options: JsonObject, conf: Conf): Wish {
  const amount = (name: string): number | undefined => {
    const value = options[name];
    return typeof value === 'number' ? value : undefined;
  };
  const time = amount('time') ?? conf.time;
  return {
    memory: amount('memory') ?? conf.memory,
    cpus: amount('cpus') ?? conf.cpus,
    gpus: amount('gpus') ?? 0,
    ...(time === undefined ? {} : { time }),
    asJob: options['asJob'] === true,
  };
}

/** The driver's own part of a description. */
export interface Detail {
  /** The most that one node has; 0: nobody knows. */
  readonly memory: number;
  readonly cpus: number;
  readonly gpus: number;
}

/** Schema of launch options. Pure. */
export function options(conf: Conf, description: ComputingDescription): JsonSchema {
  const { memory, cpus, gpus } = description.detail as unknown as Detail;
  const properties = {
    memory: {
      type: 'integer',
      title: 'Memory',
      description: 'The task is ended when it needs more.',
      minimum: leastMemory,
      ...(memory > 0 ? { maximum: Math.max(memory, leastMemory) } : {}),
      default: memory > 0 ? Math.min(conf.memory, memory) : conf.memory,
      'x-unit': 'bytes',
      'x-order': 1,
    },
    cpus: {
      type: 'number',
      title: 'Processors',
      description: 'Cores that the task may keep busy, fractions allowed.',
      minimum: 0.05,
      ...(cpus > 0 ? { maximum: cpus } : {}),
      default: cpus > 0 ? Math.min(conf.cpus, cpus) : conf.cpus,
      'x-order': 2,
    },
    ...(gpus > 0
      ? { gpus: { type: 'integer', title: 'GPUs', minimum: 0, maximum: gpus, default: 0, 'x-order': 3 } }
      : {}),
    time: {
      type: 'integer',
      title: 'Time limit',
      description: 'The task is ended after this time. Empty: no limit.',
      minimum: 60,
      ...(conf.time === undefined ? {} : { default: conf.time }),
      'x-unit': 'seconds',
      'x-order': 4,
    },
    asJob: {
      type: 'boolean',
      title: 'As a Job',
      description: 'A Job makes the pod: for clusters whose rules or queues look at Jobs alone.',
      default: false,
      'x-order': 5,
      'x-advanced': true,
    },
  };
  return { type: 'object', properties, additionalProperties: false };
}
