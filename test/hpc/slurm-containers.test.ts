import { describeComputingDriver } from '@stele/sdk/testing';
import { skip } from '../e2e/lib/skip.ts';
import { containerWorld, openTaskImages, type TaskImages } from './lib/container-world.ts';
import { openSite, type Site, siteMissing } from './lib/site.ts';

const hasPodman = process.env['SITE_PODMAN'] === '1';

for (const engine of ['singularity', 'podman'] as const) {
  describe(`Slurm with containers of ${engine}`, function () {
    this.timeout(120_000);
    let site: Site;
    let images: TaskImages;

    before(async function () {
      this.timeout(600_000);
      const why = await siteMissing();
      if (why !== undefined) return skip(this, why);
      // Another tree of the bed, which takes minutes to make.
      if (engine === 'podman' && !hasPodman) return skip(this, 'nodes have Podman with SITE_PODMAN=1 only');
      site = await openSite({ suite: 'trixie' });
      images = await openTaskImages(site);
    });
    after(async () => images?.[Symbol.asyncDispose]());

    const open = async () => containerWorld(site, engine, images);
    describeComputingDriver({ describe, it, before, after }, { open, patience: 60_000 });
  });
}
