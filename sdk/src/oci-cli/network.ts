import type { ContainerSpec } from '../engine.ts';
import type { Dialect, HostTraits } from './dialect.ts';

/** How a container's network is kept apart from the networks of all others. */
export type ContainerNetwork =
  /** The engine gives each container a network stack of its own in this mode; nothing has to be made. */
  | { readonly kind: 'mode'; readonly mode: string }
  /** One network for all, whose members can't reach each other. Made where it is missing, and never removed. */
  | { readonly kind: 'shared'; readonly name: string; readonly createArguments: readonly string[] }
  /** One network for each container, with the container's name and labels. Made before it, and removed with it. */
  | { readonly kind: 'own'; readonly createArguments: readonly string[] };

/** Options of `create` that put a container into its network. Pure. */
export function networkOptions({ name }: ContainerSpec, { network }: HostTraits): readonly string[] {
  switch (network?.kind) {
    case undefined:
      return [];
    case 'mode':
      return ['--network', network.mode];
    case 'shared':
      return ['--network', network.name];
    case 'own':
      return ['--network', name];
  }
}

/** Arguments, after the program, that make the network of a container; none where nothing has to be made. Pure. */
export function networkArguments(spec: ContainerSpec, traits: HostTraits): readonly string[] | undefined {
  const { network, globalArguments } = traits;
  if (network === undefined || network.kind === 'mode') return undefined;
  const create = [...globalArguments, 'network', 'create', ...network.createArguments];
  if (network.kind === 'shared') return [...create, network.name];
  const labels = Object.entries(spec.labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
  return [...create, ...labels, spec.name];
}

/** Arguments that remove what a container may have as its own network, whether it is there or not. Pure. */
export function networkRemoval(name: string, { ownNetworks }: Dialect): readonly string[] | undefined {
  return ownNetworks && ['network', 'rm', ...ownNetworks.removeArguments, name];
}

/** How containers are kept apart, for people. Pure. */
export function networkText(network: ContainerNetwork | undefined): string | undefined {
  switch (network?.kind) {
    case undefined:
      return undefined;
    case 'mode':
      return `${network.mode.replace(/:.*/, '')} for each task`;
    case 'shared':
      return `tasks apart in the network “${network.name}”`;
    case 'own':
      return 'a network for each task';
  }
}
