import { Agent, ComputingDrivers, definePlugin, Engines, Hosts } from '@stele/sdk';
import { SlurmDriver } from './driver.ts';

export default definePlugin({
  requires: { hosts: Hosts, engines: Engines, agent: Agent },
  activate({ add, deps }) {
    add(ComputingDrivers, 'slurm', new SlurmDriver(deps));
  },
});
