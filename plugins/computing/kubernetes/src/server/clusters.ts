import { createHash } from 'node:crypto';
import type { Call, ComputingResource, Identity, Logger } from '@stele/sdk';
import { messageOf } from '@stele/sdk';
import { Cluster, type OpenWay } from './cluster.ts';
import { confOf } from './conf.ts';
import { isPerUser, namespaceOf } from './names.ts';

/** Milliseconds after which a cluster that nobody asks about is let go of. */
const idle = 10 * 60_000;
/** Milliseconds. */
const period = 60_000;

interface Kept {
  readonly cluster: Cluster;
  readonly resource: string;
  usedAt: number;
}

/** Clusters in use. Each has one watch for each account that looks at it. */
export class Clusters implements AsyncDisposable {
  readonly #wayTo: (resource: ComputingResource, call: Call) => OpenWay;
  readonly #log: Logger;
  readonly #kept = new Map<string, Kept>();
  readonly #timer: NodeJS.Timeout;

  constructor(wayTo: (resource: ComputingResource, call: Call) => OpenWay, log: Logger) {
    this.#wayTo = wayTo;
    this.#log = log;
    this.#timer = setInterval(() => this.#tidy(Date.now()), period).unref();
  }

  /** The cluster behind a resource, as somebody's account sees it. */
  of(resource: ComputingResource, call: Call): Cluster {
    const name = nameOf(resource, call.who);
    const known = this.#kept.get(name);
    if (known !== undefined) {
      known.usedAt = Date.now();
      return known.cluster;
    }
    const cluster = new Cluster(this.#wayTo(resource, call), watchedNamespace(resource), this.#log);
    this.#kept.set(name, { cluster, resource: resource.id, usedAt: Date.now() });
    return cluster;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    const all = [...this.#kept.values()];
    this.#kept.clear();
    await Promise.all(all.map(({ cluster }) => cluster[Symbol.asyncDispose]()));
  }

  #tidy(now: number): void {
    for (const [name, { cluster, usedAt }] of this.#kept) {
      if (now - usedAt < idle) continue;
      this.#kept.delete(name);
      cluster[Symbol.asyncDispose]().catch((error: unknown) => {
        this.#log.warn('a cluster could not be let go of', { error: messageOf(error) });
      });
    }
  }
}

/** Whose account at the cluster: everybody's is the same, unless users bring their own. */
export function accountOf({ auth }: Pick<ComputingResource, 'auth'>, who: Identity): string {
  return auth.startsWith('user-') && who.kind === 'user' ? who.id : '';
}

/** Changes with everything that leads to another cluster, or to this one as somebody else. Holds no secret. */
function nameOf(resource: ComputingResource, who: Identity): string {
  const { id, access, auth, accessConf, conf } = resource;
  const settings = JSON.stringify([access, auth, accessConf, conf]);
  return `${id} ${accountOf(resource, who)} ${createHash('sha256').update(settings).digest('hex')}`;
}

/** The one namespace that tasks are in, if there is one. */
function watchedNamespace(resource: ComputingResource): string | undefined {
  const { namespace } = confOf(resource);
  return isPerUser(namespace) ? undefined : namespaceOf(namespace, { kind: 'platform' });
}
