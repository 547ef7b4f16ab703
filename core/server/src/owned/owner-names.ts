import type { Owner as OwnerView } from '@stele/sdk/api';
import { type Database, Group, type Owner, User } from '../model/index.ts';

/** Names of users and groups by id, for views. */
export type OwnerNames = ReadonlyMap<string, string>;

/** Reads the names of all these owners in at most two queries. */
export async function readOwnerNames(database: Database, owners: readonly Owner[]): Promise<OwnerNames> {
  const ids = (kind: Owner['kind']): string[] => [
    ...new Set(owners.flatMap((owner) => (owner.kind === kind && owner.kind !== 'platform' ? [owner.id] : []))),
  ];
  const em = database.em();
  const [users, groups] = [ids('user'), ids('group')];
  const rows = [
    ...(users.length === 0 ? [] : await em.find(User, { id: { $in: users } }, { fields: ['id', 'name'] })),
    ...(groups.length === 0 ? [] : await em.find(Group, { id: { $in: groups } }, { fields: ['id', 'name'] })),
  ];
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** An owner as the API shows it. */
export function ownerView(owner: Owner, names: OwnerNames): OwnerView {
  if (owner.kind === 'platform') return { kind: 'platform' };
  const name = names.get(owner.id);
  return { kind: owner.kind, id: owner.id, ...(name === undefined ? {} : { name }) };
}
