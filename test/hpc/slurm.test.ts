import { describeComputingDriver } from '@stele/sdk/testing';
import { sites } from './lib/slurm-sites.ts';
import { slurmWorld } from './lib/slurm-world.ts';

describe('Slurm', function () {
  this.timeout(120_000);
  const known = sites();

  if (known.length === 0) it('is tested where a site is up');

  for (const site of known) {
    describe(site.title, () => {
      describeComputingDriver(
        { describe, it, before, after },
        { open: async () => slurmWorld(site), patience: 60_000 },
      );
    });
  }
});
