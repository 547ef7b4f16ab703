import { describeContainerEngine } from '@stele/sdk/testing';
import { bringUp, importTiny } from './bed.ts';
import { apiEngine, apiWorld, PodmanService } from './api-world.ts';

describe('podman by its API', function () {
  let service: PodmanService;

  before(async function () {
    this.timeout(300_000);
    if ((await bringUp('podman')) !== undefined) this.skip();
    await importTiny(['podman']);
    service = await PodmanService.start();
  });
  after(() => service?.[Symbol.asyncDispose]());

  describeContainerEngine({ describe, it, before, after }, { open: () => apiWorld(service.socket) });
});
