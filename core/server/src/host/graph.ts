import { nameOf } from '@stele/sdk';
import type { PluginCode } from './types.ts';

/** A plugin that could be active, as far as it is concerned itself. */
export interface GraphNode {
  readonly id: string;
  readonly requires: readonly symbol[];
  readonly optional: readonly symbol[];
  readonly provides: readonly symbol[];
}

/** A plugin that can't be active; known for what it would provide. */
export interface Absent {
  readonly id: string;
  readonly provides: readonly symbol[];
  readonly state: 'disabled' | 'failed';
}

export interface Obstacle {
  readonly code: PluginCode;
  readonly reason: string;
}

/** Who may be active, in which order, and with whose services. */
export interface Plan {
  readonly order: readonly string[];
  /** For each plugin in `order`: the provider behind each of its tokens, the core's left out. */
  readonly bindings: ReadonlyMap<string, ReadonlyMap<symbol, string>>;
  readonly obstacles: ReadonlyMap<string, Obstacle>;
}

type Edges = ReadonlyMap<string, ReadonlyMap<symbol, string>>;

/**
 * Orders plugins so that each comes after its providers. `nodes` come in order of precedence, which decides who gets a
 * token that two provide. Depends on nothing but its arguments, so a restart ends where hot changes did.
 */
export function planGraph(nodes: readonly GraphNode[], core: ReadonlySet<symbol>, absent: readonly Absent[]): Plan {
  const obstacles = new Map<string, Obstacle>();
  const owners = assignTokens(nodes, core, obstacles);
  const required = requiredEdges(nodes, owners);
  markCycles(nodes, required, obstacles);
  markBlocked(nodes, { core, absent, owners }, obstacles);
  const free = nodes.filter(({ id }) => !obstacles.has(id));
  const bindings = addOptionalEdges(free, owners, required);
  return { order: sort(free, bindings), bindings, obstacles };
}

function assignTokens(
  nodes: readonly GraphNode[],
  core: ReadonlySet<symbol>,
  obstacles: Map<string, Obstacle>,
): Map<symbol, string> {
  const owners = new Map<symbol, string>();
  for (const { id, provides } of nodes) {
    const taken = provides.find((token) => core.has(token) || owners.has(token));
    if (taken === undefined) provides.forEach((token) => owners.set(token, id));
    else obstacles.set(id, tokenTaken(taken, owners.get(taken)));
  }
  return owners;
}

function requiredEdges(nodes: readonly GraphNode[], owners: ReadonlyMap<symbol, string>): Edges {
  return new Map(nodes.map(({ id, requires }) => [id, providersOf(requires, owners)]));
}

function providersOf(tokens: readonly symbol[], owners: ReadonlyMap<symbol, string>): Map<symbol, string> {
  const found = tokens.map((token) => [token, owners.get(token)] as const);
  return new Map(found.filter((pair): pair is [symbol, string] => pair[1] !== undefined));
}

function markCycles(nodes: readonly GraphNode[], edges: Edges, obstacles: Map<string, Obstacle>): void {
  for (const { id } of nodes) {
    const path = obstacles.has(id) ? undefined : pathBetween(id, id, edges);
    if (path) obstacles.set(id, { code: 'DEP_CYCLE', reason: `it needs itself: ${path.join(' → ')}` });
  }
}

/** The shortest way from one plugin to another along its dependencies, at least one step long. */
function pathBetween(from: string, to: string, edges: Edges): string[] | undefined {
  const paths = [[from]];
  const seen = new Set<string>();
  for (const path of paths) {
    for (const next of new Set(edges.get(path.at(-1) ?? '')?.values())) {
      if (next === to) return [...path, next];
      if (!seen.has(next)) paths.push([...path, next]);
      seen.add(next);
    }
  }
  return undefined;
}

interface Known {
  readonly core: ReadonlySet<symbol>;
  readonly absent: readonly Absent[];
  readonly owners: ReadonlyMap<symbol, string>;
}

/** Blocks whoever lacks a provider, then whoever needs one that is blocked, until nothing changes. */
function markBlocked(nodes: readonly GraphNode[], known: Known, obstacles: Map<string, Obstacle>): void {
  for (let before = -1; before !== obstacles.size;) {
    before = obstacles.size;
    for (const { id, requires } of nodes) {
      if (obstacles.has(id)) continue;
      const obstacle = requires.map((token) => obstacleOf(token, known, obstacles)).find((one) => one !== undefined);
      if (obstacle) obstacles.set(id, obstacle);
    }
  }
}

function obstacleOf(
  token: symbol,
  { core, absent, owners }: Known,
  obstacles: ReadonlyMap<string, Obstacle>,
): Obstacle | undefined {
  if (core.has(token)) return undefined;
  const owner = owners.get(token);
  const theirs = owner === undefined ? undefined : obstacles.get(owner);
  if (owner !== undefined && theirs === undefined) return undefined;
  const name = nameOf(token);
  if (owner !== undefined)
    return { code: 'DEP_FAILED', reason: `needs ${name} of ${owner}, which is not active: ${theirs?.reason}` };
  const gone = absent.find(({ provides }) => provides.includes(token));
  if (gone === undefined) return { code: 'DEP_MISSING', reason: `needs ${name}, which no enabled plugin provides` };
  const code = gone.state === 'failed' ? 'DEP_FAILED' : 'DEP_MISSING';
  return { code, reason: `needs ${name} of ${gone.id}, which ${gone.state === 'failed' ? 'failed' : 'is disabled'}` };
}

/** Adds what is optional, except where the provider itself needs the plugin: then the plugin does without. */
function addOptionalEdges(nodes: readonly GraphNode[], owners: ReadonlyMap<symbol, string>, required: Edges): Edges {
  const edges = new Map(nodes.map(({ id }) => [id, new Map(required.get(id))]));
  for (const { id, optional } of nodes) {
    for (const [token, provider] of providersOf(optional, owners)) {
      const isUsable = edges.has(provider) && provider !== id && !pathBetween(provider, id, edges);
      if (isUsable) edges.get(id)?.set(token, provider);
    }
  }
  return edges;
}

function sort(nodes: readonly GraphNode[], edges: Edges): string[] {
  const order = new Set<string>();
  const place = (id: string): void => {
    if (order.has(id)) return;
    for (const provider of edges.get(id)?.values() ?? []) place(provider);
    order.add(id);
  };
  nodes.forEach(({ id }) => place(id));
  return [...order];
}

function tokenTaken(token: symbol, owner: string | undefined): Obstacle {
  return { code: 'TOKEN_TAKEN', reason: `provides ${nameOf(token)}, which ${owner ?? 'the core'} provides already` };
}
