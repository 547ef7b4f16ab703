import { describeComputingDriver } from '@stele/sdk/testing';
import { bringUp, importTask } from './bed.ts';
import { docker, podman } from './world.ts';
import { driverWorld } from './standalone-world.ts';

for (const [bed, command, dialect] of [
  ['podman', 'podman', podman],
  ['docker', '/usr/bin/docker', docker],
] as const) {
  describe(`standalone in ${bed}`, function () {
    before(async function () {
      this.timeout(300_000);
      if ((await bringUp(bed)) !== undefined) this.skip();
      await importTask([command]);
    });

    describeComputingDriver({ describe, it, before, after }, { open: async () => driverWorld({ [bed]: dialect() }) });
  });
}
