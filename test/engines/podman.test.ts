import { describeContainerEngine, skip } from '@stele/sdk/testing';
import { bringUp, importTiny } from './bed.ts';
import { engineWorld, podman } from './world.ts';

describe('podman', function () {
  before(async function () {
    this.timeout(300_000);
    const missing = await bringUp('podman');
    if (missing !== undefined) return skip(this, missing);
    await importTiny(['podman']);
  });

  describeContainerEngine(
    { describe, it, before, after },
    { open: () => engineWorld((command) => podman(command === undefined ? {} : { command })) },
  );
});
