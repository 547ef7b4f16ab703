import { SteleError } from '@stele/sdk';
import type { Cluster } from '../cluster.ts';

/** How a node is called by those who want to get there. */
export interface NodeNames {
  /** Name or address by which the controller reaches it. */
  readonly address: string;
  /** What it calls itself. */
  readonly hostName: string;
}

/** Milliseconds: a node that is made for a job has another address the next time. */
const life = 60_000;
const most = 10_000;
const name = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,254}$/;

/** The question about one node. INVALID for what is no name. */
export function nodeQuestion(node: string): readonly string[] {
  if (name.test(node)) return ['scontrol', '--oneliner', 'show', 'node', node];
  throw new SteleError('INVALID', 'This is no name of a node.', { field: 'node' });
}

/** Reads the answer. Pure. PROTOCOL when it doesn't say where the node is. */
export function parseNode(text: string): NodeNames {
  const [, address = ''] = /\bNodeAddr=(\S+)/.exec(text) ?? [];
  const [, hostName = address] = /\bNodeHostName=(\S+)/.exec(text) ?? [];
  if (name.test(address) && name.test(hostName)) return { address, hostName };
  throw new SteleError('PROTOCOL', '“scontrol” didn’t say where the task’s node is.', { raw: text.slice(0, 4_096) });
}

/** What the controller says of nodes, kept for a moment. */
export class Nodes {
  readonly #known = new Map<string, { readonly names: NodeNames; readonly until: number }>();

  async find(resource: string, node: string, cluster: Cluster): Promise<NodeNames> {
    const key = `${resource}/${node}`;
    const known = this.#known.get(key);
    if (known !== undefined && known.until > performance.now()) return known.names;
    const names = parseNode(await cluster.run(nodeQuestion(node)));
    this.#known.delete(key);
    this.#known.set(key, { names, until: performance.now() + life });
    const [oldest] = this.#known.keys();
    if (this.#known.size > most && oldest !== undefined) this.#known.delete(oldest);
    return names;
  }
}
