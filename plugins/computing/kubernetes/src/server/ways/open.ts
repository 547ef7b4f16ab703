import type { Call, ComputingResource, DirectDialService, HostService } from '@stele/sdk';
import type { OpenWay } from '../cluster.ts';
import { type Conf, confOf } from '../conf.ts';
import { accountOf } from '../clusters.ts';
import { invalid } from '../kubeconfig/invalid.ts';
import type { LogIns } from '../kubeconfig/log-in.ts';
import { readKubeconfig } from '../kubeconfig/read.ts';
import { directWay } from './direct.ts';
import { KubectlWay } from './kubectl.ts';

/** What ways are made with. */
export interface WayParts {
  readonly hosts: HostService;
  readonly direct: DirectDialService;
  readonly logIns: LogIns;
}

/** The way that a resource's access means. */
export function wayTo(parts: WayParts, resource: ComputingResource, call: Call): OpenWay {
  const settings = confOf(resource);
  if (resource.access === 'api') return () => directWay(settings, parts);
  const isOwn = accountOf(resource, call.who) !== '';
  const who = isOwn ? call.who : ({ kind: 'platform' } as const);
  return async (signal) => {
    checkPasted(resource, settings, parts.logIns);
    const open = (until: AbortSignal) => parts.hosts.open(resource, { log: call.log, who, signal: until });
    return KubectlWay.open(open, settings, signal);
  };
}

/** A kubeconfig that was pasted may make kubectl run a command: on this machine only one that was allowed. */
function checkPasted({ access }: ComputingResource, { kubeconfig, context }: Conf, logIns: LogIns): void {
  if (kubeconfig === undefined || kubeconfig.trim() === '') return;
  const { proof } = readKubeconfig(kubeconfig, context);
  if (access === 'local' && proof.kind === 'command' && !logIns.allows(proof.login)) {
    throw invalid('kubeconfig', `It names “${proof.login.command}” to log in with, which no operator has allowed.`);
  }
}
