import { describeContainerEngine } from '@stele/sdk/testing';
import { bringUp, importTiny } from './bed.ts';
import { engineWorld, podman } from './world.ts';

describe('podman', function () {
  before(async function () {
    this.timeout(300_000);
    const missing = await bringUp('podman');
    if (missing !== undefined) this.skip();
    await importTiny(['podman']);
  });

  describeContainerEngine(
    { describe, it, before, after },
    { open: () => engineWorld((command) => podman(command === undefined ? {} : { command })) },
  );
});
