import type { Cluster } from '../cluster.ts';
import type { NodeNames } from '../scheduler.ts';

/** Milliseconds: a node that is made for a job has another address the next time. */
const life = 60_000;
const most = 10_000;

/** What the controller says of nodes, kept for a moment. */
export class Nodes {
  readonly #known = new Map<string, { readonly names: NodeNames; readonly until: number }>();

  async find(resource: string, node: string, cluster: Pick<Cluster, 'scheduler'>): Promise<NodeNames> {
    const key = `${resource}/${node}`;
    const known = this.#known.get(key);
    if (known !== undefined && known.until > performance.now()) return known.names;
    const names = await cluster.scheduler.node(node);
    this.#known.delete(key);
    this.#known.set(key, { names, until: performance.now() + life });
    const [oldest] = this.#known.keys();
    if (this.#known.size > most && oldest !== undefined) this.#known.delete(oldest);
    return names;
  }
}
