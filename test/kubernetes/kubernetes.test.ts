import { type ComputingResource } from '@stele/sdk';
import { describeComputingDriver } from '@stele/sdk/testing';
import { type Bed, needBed } from './lib/bed.ts';
import { apiResource, kubectlResource, worldOf } from './lib/world.ts';

type Make = (bed: Bed) => Promise<ComputingResource>;

const ways: Readonly<Record<string, Make>> = {
  'its API, with a certificate': async (bed) => apiResource(await bed.kubeconfig('stele'), { makeNamespaces: true }),
  'its API, with a token, each user in a namespace': async (bed) =>
    apiResource(await bed.kubeconfig('token'), { namespace: 'of-$USER', makeNamespaces: true }),
  'kubectl on this machine': async (bed) => kubectlResource(bed, { makeNamespaces: true }),
};

for (const [way, make] of Object.entries(ways)) {
  describe(`Kubernetes by ${way}`, function () {
    this.timeout(120_000);
    let bed: Bed;

    before(async function () {
      bed = await needBed(this);
    });

    describeComputingDriver(
      { describe, it, before, after },
      { open: async () => worldOf(await make(bed)), patience: 60_000 },
    );
  });
}
