import { isWord } from '../grammar.ts';
import { gpuCount, type Gpus, parseGres } from '../values/gres.ts';
import { parseMemory } from '../values/memory.ts';
import { parseDuration } from '../values/time.ts';

/** A partition, and the best of its nodes. Amounts that are absent have no limit, or none that is known. */
export interface Partition {
  readonly name: string;
  readonly isDefault: boolean;
  /** Whether it starts jobs at the moment. */
  readonly isUp: boolean;
  /** Seconds. */
  readonly maxTime?: number;
  readonly defaultTime?: number;
  readonly maxNodes?: number;
  readonly nodes: number;
  /** Of its largest node. */
  readonly cpus: number;
  /** Bytes of its largest node. */
  readonly memory: number;
  /** By type, of the node that has most of it. */
  readonly gpus: Gpus;
  readonly features: readonly string[];
}

/** Nodes of one make in one partition. */
interface NodeKind {
  readonly partition: string;
  readonly count: number;
  readonly cpus: number;
  readonly memory: number;
  readonly gpus: Gpus;
  readonly features: readonly string[];
}

export const partitionsQuestion = ['scontrol', 'show', 'partition', '--oneliner'] as const;
/** Free text comes last; a row for each make of nodes in each partition. */
export const nodesQuestion = ['sinfo', '--noheader', '--exact', '--format=%R|%D|%c|%m|%G|%f'] as const;

/** Partitions that take jobs, the default first, with what their nodes have. */
export function parsePartitions(partitions: string, nodes: string): readonly Partition[] {
  const kinds = Map.groupBy(nodes.split('\n').flatMap(nodeKind), ({ partition }) => partition);
  return partitions
    .split('\n')
    .map(pairs)
    .flatMap((values) => {
      const name = values.get('PartitionName') ?? '';
      return isWord(name) && values.get('State') !== 'DOWN' ? [partition(name, values, kinds.get(name) ?? [])] : [];
    })
    .sort((one, other) => Number(other.isDefault) - Number(one.isDefault));
}

/** `A=1 B=x=2` → A: `1`, B: `x=2`. None of the fields that are read hold spaces. */
function pairs(line: string): ReadonlyMap<string, string> {
  return new Map(
    [...line.matchAll(/(?:^|\s)([A-Za-z]+)=(\S*)/g)].map(([, name = '', value = '']) => [name, value] as const),
  );
}

function partition(name: string, values: ReadonlyMap<string, string>, kinds: readonly NodeKind[]): Partition {
  const maxTime = finite(parseDuration(values.get('MaxTime') ?? ''));
  const defaultTime = finite(parseDuration(values.get('DefaultTime') ?? ''));
  const maxNodes = finite(Number(/^\d+$/.exec(values.get('MaxNodes') ?? '')?.[0] ?? Infinity));
  return {
    name,
    isDefault: values.get('Default') === 'YES',
    isUp: values.get('State') === 'UP',
    ...(maxTime === undefined ? {} : { maxTime }),
    ...(defaultTime === undefined ? {} : { defaultTime }),
    ...(maxNodes === undefined ? {} : { maxNodes }),
    nodes: kinds.reduce((sum, { count }) => sum + count, 0),
    cpus: Math.max(0, ...kinds.map(({ cpus }) => cpus)),
    memory: Math.max(0, ...kinds.map(({ memory }) => memory)),
    gpus: most(kinds.map(({ gpus }) => gpus)),
    features: [...new Set(kinds.flatMap(({ features }) => features))].sort(),
  };
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;
}

function nodeKind(line: string): readonly NodeKind[] {
  const [name = '', count = '', cpus = '', memory = '', gres = '', ...features] = line.split('|');
  if (!isWord(name)) return [];
  return [
    {
      partition: name,
      count: Number.parseInt(count, 10) || 0,
      cpus: Number.parseInt(cpus, 10) || 0,
      memory: parseMemory(memory) ?? 0,
      gpus: parseGres(gres),
      features: features.join('|').split(',').filter(isWord),
    },
  ];
}

/** The most of each type that one node has: nodes' cards aren't added up, since a task has one node. */
function most(all: readonly Gpus[]): Gpus {
  const types = [...new Set(all.flatMap((gpus) => Object.keys(gpus)))];
  return Object.fromEntries(types.map((type) => [type, Math.max(...all.map((gpus) => gpus[type] ?? 0))]));
}

/** A partition for people: `debug (up to 1 hour, 2 GPUs)`. */
export function gpusOf({ gpus }: Partition): number {
  return gpuCount(gpus);
}
