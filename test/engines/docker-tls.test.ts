import { describeComputingDriver, describeContainerEngine, skip } from '@stele/sdk/testing';
import { bringUp, importTask, importTiny } from './bed.ts';
import { dockerOnHost, tlsDriverWorld, tlsEngineWorld } from './tls-world.ts';

describe('docker on another host, by TLS', function () {
  before(async function () {
    this.timeout(300_000);
    const why = await bringUp('docker-tls');
    if (why !== undefined) return skip(this, why);
    await importTiny(dockerOnHost());
    await importTask(dockerOnHost());
  });

  describeContainerEngine({ describe, it, before, after }, { open: tlsEngineWorld });
  describeComputingDriver({ describe, it, before, after }, { open: tlsDriverWorld });
});
