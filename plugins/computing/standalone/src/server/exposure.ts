import type { ComputingDescription, ContainerEngine, Exposure, Launch } from '@stele/sdk';
import { SteleError } from '@stele/sdk';
import type { Conf } from './conf.ts';

type Choices = Pick<Conf, 'openInterfaces' | 'shared'>;
type Engine = Pick<ContainerEngine, 'capabilities'>;

/**
 * Who but the platform gets to the interfaces of tasks in this engine. A container that shares its host's network listens
 * where its image likes, mostly on all addresses; a published port is open to whoever is on the host. Pure.
 */
export function exposureOf(conf: Choices, { capabilities }: Engine): Exposure | undefined {
  if (capabilities.portMapping && !conf.shared) return undefined;
  const [who, why] = capabilities.portMapping
    ? ['Others who have an account on this host', 'its port is open on the host']
    : ['Others who get to this host', 'its container shares the network of the host'];
  return {
    says: `${who} can get to this task’s interface, which asks for no password: ${why}.`,
    isRefused: conf.openInterfaces === 'refuse',
    ...(capabilities.sockets === true ? { sparesSockets: true } : {}),
  };
}

/** The same by engine. Pure. */
export function exposuresOf(
  conf: Choices,
  engines: readonly { readonly id: string; readonly engine: Engine }[],
): NonNullable<ComputingDescription['exposures']> {
  return Object.fromEntries(
    engines.flatMap(({ id, engine }) => {
      const exposure = exposureOf(conf, engine);
      return exposure === undefined ? [] : [[id, exposure] as const];
    }),
  );
}

/** @throws DENIED (field `software`) where the operator wants no such launch. Pure. */
export function checkExposure({ env, interface: { takesSocket } }: Launch, conf: Choices, engine: Engine): void {
  const exposure = exposureOf(conf, engine);
  if (!exposure?.isRefused || 'AUTH_PASS' in env || (takesSocket && exposure.sparesSockets)) return;
  throw new SteleError('DENIED', `${exposure.says} This resource refuses that.`, { field: 'software' });
}
