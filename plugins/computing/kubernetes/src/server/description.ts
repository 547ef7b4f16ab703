import { architectures, type Architecture, type ComputingDescription, hasCode, memoryInWords } from '@stele/sdk';
import type { ClusterApi } from './api/cluster-api.ts';
import { paths } from './api/request.ts';
import type { Conf } from './conf.ts';
import { fieldsOf, listOf, textOf } from './pod/seen.ts';
import type { Detail } from './pod/options.ts';
import { amountOf } from './quantity.ts';

/** The engine of every cluster: whatever its nodes have. */
export const engine = 'kubernetes';

/** What the API says of a cluster; a list that one may not see is absent. */
export interface ClusterAnswers {
  readonly version: unknown;
  readonly nodes?: unknown;
  readonly runtimeClasses?: unknown;
  /** Of the namespace that tasks of the asking user run in. */
  readonly quotas?: unknown;
}

/** Asks what is there. @param namespace absent where the asker has none */
export async function askCluster(
  api: ClusterApi,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<ClusterAnswers> {
  const list = async (path: string): Promise<unknown> => {
    try {
      return await api.get({ path }, signal);
    } catch (error) {
      if (hasCode(error, 'DENIED', 'NOT_FOUND')) return undefined;
      throw error;
    }
  };
  const [version, nodes, runtimeClasses, quotas] = await Promise.all([
    api.get({ path: paths.version }, signal),
    list(paths.nodes),
    list(paths.runtimeClasses),
    namespace === undefined ? undefined : list(paths.quotas(namespace)),
  ]);
  return { version, nodes, runtimeClasses, quotas };
}

/** What we know of the way to a cluster. */
export interface Vantage {
  /** For people. */
  readonly where: string;
  /** Seconds since the watch of tasks heard something; absent where nobody watches. */
  readonly watchAge?: number | undefined;
}

/** What those answers make of a resource. Pure. */
export function describe(answers: ClusterAnswers, conf: Conf, vantage: Vantage): ComputingDescription {
  const nodes = answers.nodes === undefined ? undefined : usable(listOf(fieldsOf(answers.nodes)['items']), conf);
  const runtimes = listOf(fieldsOf(answers.runtimeClasses)['items']).flatMap(nameOf);
  const seen = nodes === undefined ? [] : architecturesOf(nodes);
  return {
    architectures: seen.length > 0 ? seen : (conf.architectures as Architecture[]),
    emulated: [],
    engines: [{ id: engine, runtimes }],
    facts: factsOf(answers, nodes, conf, vantage),
    detail: { ...detailOf(nodes ?? [], conf) },
  };
}

interface Node {
  readonly architecture: string;
  readonly memory: number;
  readonly cpus: number;
  readonly gpus: number;
  readonly isReady: boolean;
}

/** Those nodes that tasks may run on, by their labels. */
function usable(nodes: ReturnType<typeof listOf>, { nodeSelector, gpu }: Conf): readonly Node[] {
  return nodes
    .filter(({ metadata }) => {
      const labels = fieldsOf(fieldsOf(metadata)['labels']);
      return Object.entries(nodeSelector).every(([name, value]) => labels[name] === value);
    })
    .map(({ status, spec }) => {
      const room = fieldsOf(fieldsOf(status)['allocatable']);
      const ready = listOf(fieldsOf(status)['conditions']).find(({ type }) => type === 'Ready');
      return {
        architecture: textOf(fieldsOf(fieldsOf(status)['nodeInfo'])['architecture']),
        memory: Math.floor(amountOf(room['memory'])),
        cpus: amountOf(room['cpu']),
        gpus: amountOf(room[gpu]),
        isReady: ready?.['status'] === 'True' && fieldsOf(spec)['unschedulable'] !== true,
      };
    });
}

/** Those of most nodes first. */
function architecturesOf(nodes: readonly Node[]): readonly Architecture[] {
  const counts = Map.groupBy(nodes, ({ architecture }) => (architecture === 'arm' ? 'arm/v7' : architecture));
  return architectures
    .filter((name) => counts.has(name))
    .toSorted((a, b) => (counts.get(b)?.length ?? 0) - (counts.get(a)?.length ?? 0));
}

function detailOf(nodes: readonly Node[], { memory, cpus }: Conf): Detail & { readonly [key: string]: number } {
  const most = (value: (node: Node) => number): number => Math.max(0, ...nodes.map(value));
  const known = { memory: most((node) => node.memory), cpus: most((node) => node.cpus) };
  return {
    memory: known.memory === 0 ? 0 : Math.max(known.memory, memory),
    cpus: known.cpus === 0 ? 0 : Math.max(known.cpus, cpus),
    gpus: most((node) => node.gpus),
  };
}

function factsOf(
  { version, quotas }: ClusterAnswers,
  nodes: readonly Node[] | undefined,
  conf: Conf,
  { where, watchAge }: Vantage,
): ComputingDescription['facts'] {
  const { gitVersion } = fieldsOf(version);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Kubernetes', typeof gitVersion === 'string' ? `${gitVersion} at ${where}` : where],
    ['Namespace', conf.namespace],
    ['Nodes', nodes === undefined ? undefined : nodesText(nodes)],
    ['Way to tasks', conf.reach === 'pods' ? 'in the network of the pods' : 'through the cluster’s API'],
    ['Last news of tasks', watchAge === undefined ? undefined : `${watchAge} s ago`],
    ...listOf(fieldsOf(quotas)['items']).map((quota) => [`Quota ${nameOf(quota)[0] ?? ''}`, quotaText(quota)] as const),
  ];
  return rows.flatMap(([label, value]) => (value === undefined || value === '' ? [] : [{ label, value }]));
}

function nodesText(nodes: readonly Node[]): string {
  const ready = nodes.filter(({ isReady }) => isReady);
  const cpus = ready.reduce((sum, node) => sum + node.cpus, 0);
  const gpus = ready.reduce((sum, node) => sum + node.gpus, 0);
  const memory = ready.reduce((sum, node) => sum + node.memory, 0);
  const some = gpus === 0 ? '' : `, ${gpus} GPUs`;
  return `${ready.length} of ${nodes.length} ready: ${Math.round(cpus)} cores, ${memoryInWords(memory)}${some}`;
}

/** `cpu 2 of 4, memory 3Gi of 8Gi`. */
function quotaText(quota: ReturnType<typeof listOf>[number]): string {
  const { hard, used } = fieldsOf(quota['status']);
  return Object.entries(fieldsOf(hard))
    .map(([name, most]) => `${name} ${textOf(fieldsOf(used)[name]) || 0} of ${textOf(most)}`)
    .join(', ');
}

function nameOf({ metadata }: ReturnType<typeof listOf>[number]): readonly string[] {
  const { name } = fieldsOf(metadata);
  return typeof name === 'string' ? [name] : [];
}
