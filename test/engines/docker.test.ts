import { describeContainerEngine } from '@stele/sdk/testing';
import { bringUp, importTiny } from './bed.ts';
import { docker, engineWorld } from './world.ts';

describe('docker', function () {
  before(async function () {
    this.timeout(300_000);
    const missing = await bringUp('docker');
    if (missing !== undefined) this.skip();
    await importTiny(['/usr/bin/docker']);
  });

  describeContainerEngine(
    { describe, it, before, after },
    { open: () => engineWorld((command) => docker(command === undefined ? {} : { command })) },
  );
});
