import { isWord } from '../grammar.ts';
import type { Partition } from '../scheduler.ts';
import { gpuCount, type Gpus } from '../values/gres.ts';

/** Nodes of one make in one partition. */
export interface NodeKind {
  readonly count: number;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  readonly gpus: Gpus;
  readonly features: readonly string[];
}

/** What is said of a partition itself. */
export interface PartitionSaid {
  readonly name: string;
  readonly isDefault: boolean;
  /** `UP`, `DOWN`, `DRAIN`, `INACTIVE`. */
  readonly state: string;
  /** Seconds; `Infinity`: no limit. */
  readonly maxTime: number | undefined;
  readonly defaultTime: number | undefined;
  readonly maxNodes: number | undefined;
}

/** A partition by what is said of it and of its nodes. Pure. Nothing for one that takes no jobs. */
export function partitionOf(said: PartitionSaid, kinds: readonly NodeKind[]): readonly Partition[] {
  const { name, isDefault, state } = said;
  if (!isWord(name) || state === 'DOWN') return [];
  const limits = { maxTime: said.maxTime, defaultTime: said.defaultTime, maxNodes: said.maxNodes };
  return [
    {
      name,
      isDefault,
      isUp: state === 'UP',
      ...Object.fromEntries(Object.entries(limits).filter(([, value]) => isLimit(value))),
      nodes: kinds.reduce((sum, { count }) => sum + count, 0),
      cpus: Math.max(0, ...kinds.map(({ cpus }) => cpus)),
      memory: Math.max(0, ...kinds.map(({ memory }) => memory)),
      gpus: most(kinds.map(({ gpus }) => gpus)),
      features: [...new Set(kinds.flatMap(({ features }) => features))].sort(),
    },
  ];
}

/** The default first. Pure. */
export function sorted(partitions: readonly (readonly Partition[])[]): readonly Partition[] {
  return partitions.flat().sort((one, other) => Number(other.isDefault) - Number(one.isDefault));
}

function isLimit(value: number | undefined): boolean {
  return value !== undefined && Number.isFinite(value) && value > 0;
}

/** The most of each type that one node has: nodes' cards aren't added up, since a task has one node. */
function most(all: readonly Gpus[]): Gpus {
  const types = [...new Set(all.flatMap((gpus) => Object.keys(gpus)))];
  return Object.fromEntries(types.map((type) => [type, Math.max(...all.map((gpus) => gpus[type] ?? 0))]));
}

/** How many GPUs the best node of a partition has. */
export function gpusOf({ gpus }: Partition): number {
  return gpuCount(gpus);
}
