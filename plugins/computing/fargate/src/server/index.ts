import { ComputingDrivers, Credentials, definePlugin, DirectDial, Store } from '@stele/sdk';
import { Connections } from './aws/connections.ts';
import { Cleared } from './cleared.ts';
import { FargateDriver } from './driver.ts';

export default definePlugin({
  requires: { credentials: Credentials, direct: DirectDial, store: Store },
  activate({ add, deps, own }) {
    const connections = own(new Connections(deps.credentials));
    add(ComputingDrivers, 'fargate', new FargateDriver(connections, deps.direct, new Cleared(deps.store)));
  },
});
