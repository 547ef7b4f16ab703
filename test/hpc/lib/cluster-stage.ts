import type { Software } from '@stele/sdk/api';
import type { SiteFile } from '../../../core/server/src/site/index.ts';
import { type ApiClient, eventually, type ImageName } from '../../e2e/lib/index.ts';
import { addCluster, type Cluster, leftBy } from './cluster.ts';
import { openRegistry, type SiteRegistry } from './images.ts';
import { openSite, type Site, siteMissing, type Suite } from './site.ts';

/** What a test wants of a site. */
export interface ClusterSetting {
  readonly suite: Suite;
  /** In the site's registry. Default: the one that `Echo` runs. */
  readonly images?: readonly ImageName[];
  /** Whose account on the site is used. */
  readonly user?: string;
}

/** A real site and a registry that its nodes reach, ready for a platform. Given back, nothing of the user's runs there. */
export class ClusterStage implements AsyncDisposable {
  readonly site: Site;
  readonly registry: SiteRegistry;
  readonly user: string;

  private constructor(site: Site, registry: SiteRegistry, user: string) {
    this.site = site;
    this.registry = registry;
    this.user = user;
  }

  /** The stage, or why this machine can't have it. Minutes when the site's tree is not in the cache. */
  static async open({ suite, images = ['web-echo'], user = 'alice' }: ClusterSetting): Promise<ClusterStage | string> {
    const missing = await siteMissing();
    if (missing !== undefined) return missing;
    const site = await openSite({ suite });
    // What a test that failed has left is told of once.
    await site.as(user, 'login', 'rm', '-rf', '.stele/tasks');
    return new ClusterStage(site, await openRegistry(site, ...images), user);
  }

  /** What the site file of a platform has to say, so that the cluster may fetch from the registry. */
  get siteFile(): SiteFile {
    return { plugins: { 'engine-singularity': { insecureRegistries: [this.registry.address] } as object } };
  }

  /** The resource `Cluster`, set up for the user who is logged in. */
  addCluster(api: ApiClient, conf: object = {}): Promise<Cluster> {
    return addCluster(api, this.site, 'Cluster', this.user, conf);
  }

  /** The software that shows what reached it, told by environment how to behave. */
  addEcho(api: ApiClient, name = 'Echo', env: Readonly<Record<string, string>> = {}): Promise<Software> {
    return api.must<Software>('POST', '/software', {
      ...{ name, registry: this.registry.address, image: 'stele/web-echo', tag: '1', env },
      ...{ port: 8080, protocol: 'http', flags: { customPort: true, interfaceAuth: false, fixedUser: false } },
    });
  }

  /** Waits until no task has left anything: no job, no file, no process. */
  async demandNothingLeft(): Promise<void> {
    let left = '';
    await eventually(
      () => `nothing is left: ${left}`,
      async () => (left = await leftBy(this.site, this.user)) === '',
      60_000,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.registry[Symbol.asyncDispose]();
    await this.site.on('login', 'scancel', '--user', this.user);
    await this.site.deauthorize(this.user);
  }
}
