import { ComputingDrivers, definePlugin, Engines, Hosts } from '@stele/sdk';
import { StandaloneDriver } from './driver.ts';

export default definePlugin({
  requires: { hosts: Hosts, engines: Engines },
  activate({ add, deps }) {
    add(ComputingDrivers, 'standalone', new StandaloneDriver(deps.hosts, deps.engines));
  },
});
