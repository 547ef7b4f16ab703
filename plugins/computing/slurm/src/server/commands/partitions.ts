import { isWord } from '../grammar.ts';
import { type NodeKind, partitionOf, sorted } from '../description/partition.ts';
import type { Partition } from '../scheduler.ts';
import { parseGres } from '../values/gres.ts';
import { parseMemory } from '../values/memory.ts';
import { parseDuration } from '../values/time.ts';

export const partitionsQuestion = ['scontrol', 'show', 'partition', '--oneliner'] as const;
/** Free text comes last; a row for each make of nodes in each partition. */
export const nodesQuestion = ['sinfo', '--noheader', '--exact', '--format=%R|%D|%c|%m|%G|%f'] as const;

/** Partitions that take jobs, the default first, with what their nodes have. */
export function parsePartitions(partitions: string, nodes: string): readonly Partition[] {
  const kinds = Map.groupBy(nodes.split('\n').flatMap(nodeKind), ({ partition }) => partition);
  const found = partitions
    .split('\n')
    .map(pairs)
    .map((values) => {
      const name = values.get('PartitionName') ?? '';
      return partitionOf(
        {
          name,
          isDefault: values.get('Default') === 'YES',
          state: values.get('State') ?? '',
          maxTime: parseDuration(values.get('MaxTime') ?? ''),
          defaultTime: parseDuration(values.get('DefaultTime') ?? ''),
          maxNodes: Number(/^\d+$/.exec(values.get('MaxNodes') ?? '')?.[0] ?? Infinity),
        },
        kinds.get(name) ?? [],
      );
    });
  return sorted(found);
}

/** `A=1 B=x=2` → A: `1`, B: `x=2`. None of the fields that are read hold spaces. */
function pairs(line: string): ReadonlyMap<string, string> {
  return new Map(
    [...line.matchAll(/(?:^|\s)([A-Za-z]+)=(\S*)/g)].map(([, name = '', value = '']) => [name, value] as const),
  );
}

function nodeKind(line: string): readonly (NodeKind & { readonly partition: string })[] {
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
