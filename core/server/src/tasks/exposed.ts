import type { ComputingDescription, EngineChoice, Exposure } from '@stele/sdk';
import { SteleError } from '@stele/sdk';

/** What a software's flags say of its interface. */
interface Guard {
  readonly interfaceAuth: boolean;
  readonly customSocket?: boolean;
}

type Exposures = Pick<ComputingDescription, 'exposures'>;

/** Who else gets to an interface that asks for no password. Nothing where nobody does, or all are asked. Pure. */
export function exposureOf(flags: Guard, { exposures }: Exposures, engine: string): Exposure | undefined {
  const exposure = exposures?.[engine];
  return flags.interfaceAuth || (flags.customSocket && exposure?.sparesSockets) ? undefined : exposure;
}

/** Engines in which the operator lets this software run. Pure. */
export function permitted<T extends EngineChoice>(
  flags: Guard | undefined,
  described: Exposures,
  engines: readonly T[],
): readonly T[] {
  return flags === undefined ? engines : engines.filter(({ id }) => !exposureOf(flags, described, id)?.isRefused);
}

/** @throws DENIED (field `software`) where there are engines and the operator lets it run in none of them */
export function checkPermitted(flags: Guard, described: Exposures, engines: readonly EngineChoice[]): void {
  const reason = refusal(flags, described, engines);
  if (reason !== undefined) throw new SteleError('DENIED', reason, { field: 'software' });
}

/** Why it runs in none of them. Pure. */
export function refusal(flags: Guard, described: Exposures, engines: readonly EngineChoice[]): string | undefined {
  const [first] = engines;
  if (first === undefined || permitted(flags, described, engines).length > 0) return undefined;
  const says = exposureOf(flags, described, first.id)?.says ?? '';
  return `${says} The people who run this resource allow only software here that takes a password.`;
}
