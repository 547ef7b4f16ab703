import type { Computing, LaunchOptions } from '@stele/sdk/api';

/** What one computing offers for the software. */
export type Offer =
  | { readonly state: 'asking' }
  | { readonly state: 'failed'; readonly error: unknown }
  | { readonly state: 'known'; readonly options: LaunchOptions };

/** An engine with one of its runtimes. */
export interface EngineOption {
  /** `engine` or `engine/runtime`. */
  readonly value: string;
  /** For people. */
  readonly title: string;
}

/** Every engine with every runtime, the best first. */
export function engineChoices(engines: LaunchOptions['engines']): readonly EngineOption[] {
  return engines.flatMap(({ id, runtimes }) =>
    runtimes.length === 0
      ? [{ value: id, title: id }]
      : runtimes.map((runtime) => ({ value: `${id}/${runtime}`, title: `${id} with ${runtime}` })),
  );
}

/** What to know before a launch in the chosen engine, or in the one that is taken when none is chosen. */
export function cautionOf(engines: LaunchOptions['engines'], value: string | undefined): string | undefined {
  const id = value?.split('/')[0];
  return (engines.find((engine) => engine.id === id) ?? engines[0])?.caution;
}

/** What is lost of a task when it ends. */
export function lossWords(isMounted: boolean, staging: LaunchOptions['staging']): string {
  if (isMounted) return 'What the task writes outside of your storages is gone when it ends.';
  const mayBringBack = staging.reason === undefined && staging.sources.some(({ readOnly }) => !readOnly);
  return `Tasks here mount no storage: what one writes is gone when it ends${mayBringBack ? ', but for results that are brought back' : ''}.`;
}

/** What a launch says of the engine chosen. */
export function enginePart(value: string | undefined): object {
  if (value === undefined) return {};
  const [id, runtime] = value.split('/');
  return { engine: { id, ...(runtime === undefined ? {} : { runtime }) } };
}

/**
 * Where it runs unless the user says otherwise: the place of the last time if it fits, else the first that does, once all
 * before it have answered, so that the choice doesn't jump from one to the next.
 */
export function firstFitting(
  computing: readonly Pick<Computing, 'id'>[],
  offers: ReadonlyMap<string, Offer>,
  last: string | undefined,
): string | undefined {
  const fits = (id: string): boolean => {
    const offer = offers.get(id);
    return offer?.state === 'known' && offer.options.fits;
  };
  const remembered = computing.find(({ id }) => id === last);
  if (remembered && fits(remembered.id)) return remembered.id;
  if (remembered && isAsking(offers.get(remembered.id))) return undefined;
  const first = computing.find(({ id }) => fits(id) || isAsking(offers.get(id)));
  return first && fits(first.id) ? first.id : undefined;
}

function isAsking(offer: Offer | undefined): boolean {
  return offer === undefined || offer.state === 'asking';
}
