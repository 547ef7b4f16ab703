import { Agent, Callbacks, ComputingDrivers, Credentials, definePlugin, DirectDial, Engines, Hosts } from '@stele/sdk';
import { SlurmDriver } from './driver.ts';

export default definePlugin({
  requires: {
    hosts: Hosts,
    engines: Engines,
    agent: Agent,
    callbacks: Callbacks,
    credentials: Credentials,
    direct: DirectDial,
  },
  activate({ add, deps }) {
    add(ComputingDrivers, 'slurm', new SlurmDriver(deps));
  },
});
