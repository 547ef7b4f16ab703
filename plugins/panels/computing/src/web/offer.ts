import type { CheckResult, Computing, ComputingPatch } from '@stele/sdk/api';

/** What a resource showed of itself, to be set when somebody trusts it. */
export type Offer = NonNullable<CheckResult['offer']>;

/** The change that sets it: whole settings, with the one in its place. Nothing where the place isn't there. */
export function patchFor(
  { accessConf }: Pick<Computing, 'accessConf'>,
  { field, value }: Offer,
): ComputingPatch | undefined {
  const [room, ...path] = field.split('.');
  if (room !== 'accessConf' || path.length === 0) return undefined;
  const changed = structuredClone(accessConf);
  let holder: Record<string, unknown> = changed;
  for (const key of path.slice(0, -1)) {
    const inner = Object.hasOwn(holder, key) ? holder[key] : undefined;
    if (typeof inner !== 'object' || inner === null) return undefined;
    holder = inner as Record<string, unknown>;
  }
  holder[path.at(-1) ?? ''] = value;
  return { accessConf: changed };
}

/** The value for people: of a list, its last entry, which is what was added. */
export function offerText({ value }: Offer): string {
  const shown: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof shown === 'string' ? shown : JSON.stringify(shown);
}
