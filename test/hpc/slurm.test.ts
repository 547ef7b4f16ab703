import { describeComputingDriver } from '@stele/sdk/testing';
import { skip } from '../e2e/lib/skip.ts';
import { slurmWorld, type Transport, transportConf } from './lib/slurm-world.ts';
import { openSite, type Site, siteMissing, type Suite } from './lib/site.ts';

/** The newest Slurm is tested when it is asked for: its packages change every day. */
const suites: readonly Suite[] = process.env['SITE_SUITE'] === 'sid' ? ['sid'] : ['trixie', 'bookworm'];

const transports: readonly Transport[] = ['commands', 'rest'];

for (const [suite, transport] of suites.flatMap((one) => transports.map((way) => [one, way] as const))) {
  describe(`Slurm on the site of ${suite}, over SSH, by ${transport}`, function () {
    this.timeout(120_000);
    let site: Site;

    before(async function () {
      this.timeout(600_000);
      const why = await siteMissing();
      if (why !== undefined) return skip(this, why);
      site = await openSite({ suite });
    });

    describeComputingDriver(
      { describe, it, before, after },
      { open: async () => slurmWorld(site, await transportConf(site, transport)), patience: 60_000 },
    );
  });
}
