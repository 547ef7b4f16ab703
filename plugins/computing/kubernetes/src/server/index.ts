import { ComputingDrivers, definePlugin, DirectDial, Hosts, networkDialers } from '@stele/sdk';
import type { KubernetesSettings } from '../settings.ts';
import { Clusters } from './clusters.ts';
import { KubernetesDriver } from './driver.ts';
import { LogIns } from './kubeconfig/log-in.ts';
import { wayTo } from './ways/open.ts';

export default definePlugin<KubernetesSettings, { hosts: typeof Hosts; direct: typeof DirectDial }>({
  requires: { hosts: Hosts, direct: DirectDial },
  activate({ add, deps, log, own, settings }) {
    const parts = { ...deps, logIns: new LogIns(settings.loginCommands) };
    const clusters = own(new Clusters((resource, call) => wayTo(parts, resource, call), log));
    add(ComputingDrivers, 'kubernetes', new KubernetesDriver(clusters, networkDialers(deps.direct)));
  },
});
