import type { Me, Owner, Software } from '@stele/sdk/api';
import { matches } from '@stele/sdk/web';

/** Software of one name, registry and image, in its versions and architectures. */
export interface Family {
  /** Stable as long as the family lives. */
  readonly id: string;
  /** Name of all. */
  readonly name: string;
  /** The members, by version. At least one. */
  readonly members: readonly [Software, ...Software[]];
}

/** Whose software is shown. */
export type Whose = 'all' | 'platform' | 'mine' | 'group';

/** Families by name. */
export function familiesOf(software: readonly Software[]): readonly Family[] {
  const families = new Map<string, Software[]>();
  for (const one of software) {
    const id = JSON.stringify([
      one.name,
      one.registry,
      one.image,
      one.owner.kind,
      'id' in one.owner ? one.owner.id : '',
    ]);
    families.set(id, [...(families.get(id) ?? []), one]);
  }
  return [...families]
    .map(([id, members]) => ({ id, name: members[0]?.name ?? '', members: byVersion(members) as Family['members'] }))
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}

function byVersion(members: readonly Software[]): readonly Software[] {
  const order = (one: Software): string => (one.tag === 'latest' ? '\uffff' : one.tag);
  return [...members].sort((a, b) => order(b).localeCompare(order(a), undefined, { numeric: true }));
}

/** What tells a member of a family from the others. */
export function versionOf(software: Software): string {
  const version = software.digest === undefined ? software.tag : `${software.tag} (${software.digest.slice(7, 15)})`;
  return software.architecture === undefined ? version : `${version} · ${software.architecture}`;
}

/** Whether a software is shown. */
export function isShown(software: Software, search: string, whose: Whose): boolean {
  const kind = { all: undefined, platform: 'platform', mine: 'user', group: 'group' }[whose];
  if (kind !== undefined && software.owner.kind !== kind) return false;
  return matches(search, software.name, software.description, software.image, software.tag);
}

/** Whose it is, in a word. */
export function ownerWord(owner: Owner, me: Pick<Me, 'id'>): string {
  if (owner.kind === 'platform') return 'Platform';
  if (owner.kind === 'group') return owner.name ?? 'Group';
  return owner.id === me.id ? 'Mine' : (owner.name ?? 'A user');
}
