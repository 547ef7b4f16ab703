import { describeContainerEngine } from '@stele/sdk/testing';
import { apiWorld } from './api-world.ts';
import { bringUp, importTiny } from './bed.ts';

for (const [bed, command] of [
  ['podman', 'podman'],
  ['docker', '/usr/bin/docker'],
] as const) {
  describe(`${bed} by its API`, function () {
    before(async function () {
      this.timeout(300_000);
      if ((await bringUp(bed)) !== undefined) this.skip();
      await importTiny([command]);
    });

    describeContainerEngine({ describe, it, before, after }, { open: () => apiWorld(bed) });
  });
}
