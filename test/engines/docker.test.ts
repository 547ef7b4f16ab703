import { describeContainerEngine, skip } from '@stele/sdk/testing';
import { bringUp, importTiny } from './bed.ts';
import { docker, engineWorld } from './world.ts';

describe('docker', function () {
  before(async function () {
    this.timeout(300_000);
    const missing = await bringUp('docker');
    if (missing !== undefined) return skip(this, missing);
    await importTiny(['/usr/bin/docker']);
  });

  describeContainerEngine(
    { describe, it, before, after },
    { open: () => engineWorld((command) => docker(command === undefined ? {} : { command })) },
  );
});
