import { randomUUID } from 'node:crypto';
import {
  type ComputingResource,
  type HostService,
  type JsonObject,
  type Launch,
  type Logger,
  networkDialers,
} from '@stele/sdk';
import { type DriverWorld, silentLog } from '@stele/sdk/testing';
import { DirectDialer } from '../../../core/server/src/network/index.ts';
import { LocalHost } from '../../../plugins/access/local/src/server/local-host.ts';
import { Clusters } from '../../../plugins/computing/kubernetes/src/server/clusters.ts';
import { KubernetesDriver } from '../../../plugins/computing/kubernetes/src/server/driver.ts';
import { LogIns } from '../../../plugins/computing/kubernetes/src/server/kubeconfig/log-in.ts';
import { wayTo } from '../../../plugins/computing/kubernetes/src/server/ways/open.ts';
import { behavioursIn } from '../../engines/standalone-world.ts';
import { taskImage } from '../../engines/bed.ts';
import type { Bed } from './bed.ts';

const localHosts: HostService = { open: async () => new LocalHost() };

/** A driver with what it has open, as the plugin makes it. */
export class Stage implements AsyncDisposable {
  readonly driver: KubernetesDriver;
  readonly #clusters: Clusters;

  constructor(loginCommands: readonly string[] = [], hosts = localHosts, log: Logger = silentLog) {
    const direct = new DirectDialer();
    const parts = { hosts, direct, logIns: new LogIns(loginCommands) };
    this.#clusters = new Clusters((resource, call) => wayTo(parts, resource, call), log);
    this.driver = new KubernetesDriver(this.#clusters, networkDialers(direct));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#clusters[Symbol.asyncDispose]();
  }
}

/** A resource by the API. */
export function apiResource(kubeconfig: string, conf: JsonObject = {}): ComputingResource {
  return {
    id: randomUUID(),
    name: 'Cluster',
    driver: 'kubernetes',
    access: 'api',
    auth: 'platform-certificate',
    accessConf: {},
    conf: { namespace: 'tasks', grace: 2, cpus: 0.1, memory: 32 * 1024 ** 2, kubeconfig, ...conf },
    engines: [],
  };
}

/** The same by kubectl on this machine. */
export function kubectlResource(bed: Bed, conf: JsonObject = {}): ComputingResource {
  const { kubeconfig: _, ...own } = apiResource('', conf).conf;
  const settings = { ...own, kubectl: bed.kubectlPath, kubeconfigFile: bed.kubeconfigPath('token') };
  return { ...apiResource(''), access: 'local', auth: 'none', conf: { ...settings, ...conf } };
}

/** The same by kubectl on a host that is reached by SSH, which is handed the kubeconfig. */
export async function sshResource(bed: Bed, accessConf: JsonObject, conf: JsonObject = {}): Promise<ComputingResource> {
  const own = apiResource(await bed.kubeconfig('token'), { kubectl: bed.kubectlPath, ...conf });
  return { ...own, access: 'ssh', auth: 'platform-keys', accessConf };
}

/** A world for the kit of computing drivers. */
export function worldOf(resource: ComputingResource, stage = new Stage()): DriverWorld {
  return {
    driver: stage.driver,
    resource,
    behaviours: {
      ...behavioursIn(taskImage),
      missing: () => ({
        ...behavioursIn(taskImage).print([], 0),
        image: { registry: '127.0.0.1:1', repository: 'stele/none', tag: '1' },
      }),
    },
    close: () => stage[Symbol.asyncDispose](),
  };
}

/** The same, with every task as a job. */
export function asJobs(world: DriverWorld): DriverWorld {
  const { print, greet, ignore, missing } = world.behaviours;
  const job = <T extends Omit<Launch, 'key'>>(launch: T): T => ({ ...launch, options: { asJob: true } });
  const behaviours = {
    print: (...asked: Parameters<typeof print>) => job(print(...asked)),
    greet: () => job(greet()),
    ignore: () => job(ignore()),
    missing: () => job(missing()),
  };
  return { ...world, behaviours };
}
