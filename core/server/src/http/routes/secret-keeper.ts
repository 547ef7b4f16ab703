import type { AuthCredentials, Call, JsonObject } from '@stele/sdk';
import type { User } from '../../model/index.ts';
import { HttpError } from '../problem.ts';
import type { PeopleParts } from './me-view.ts';

/** A provider that keeps somebody's secret, and who they are there. */
export interface SecretKeeper {
  /** Id of the provider. */
  readonly id: string;
  readonly credentials: AuthCredentials;
  readonly subject: string;
  /** Whether it lets them in already, once they have a secret. */
  readonly isKnown: boolean;
}

/**
 * The active providers that keep a user's secret, or may: the one that brought them; for one who was made here, those that
 * bring nobody. The first is asked and told: one that knows the user already, before one that has heard nothing of them.
 */
export async function secretKeepers({ accounts, providers }: PeopleParts, user: User): Promise<SecretKeeper[]> {
  const found: SecretKeeper[] = [];
  for (const { id, item } of providers.list()) {
    const mayKeep = user.provider ? user.provider === id : !item.bringsUsers;
    const owner = mayKeep && item.credentials ? await accounts.identities.secretOwner(user, id) : undefined;
    if (owner && item.credentials) found.push({ id, credentials: item.credentials, ...owner });
  }
  // By id: plugins come in another order at the next start.
  return found.toSorted((a, b) => Number(b.isKnown) - Number(a.isKnown) || (a.id < b.id ? -1 : 1));
}

/** The keeper that is asked and told; `undefined` where nobody keeps a secret of theirs. */
export async function secretKeeper(parts: PeopleParts, user: User): Promise<SecretKeeper | undefined> {
  return (await secretKeepers(parts, user))[0];
}

/**
 * Sets a user's secret, by which they log in from now on.
 * @throws INVALID with the field
 */
export async function setSecret(
  { accounts }: PeopleParts,
  user: User,
  { id, credentials, subject, isKnown }: SecretKeeper,
  values: JsonObject,
  call: Call,
): Promise<void> {
  await credentials.set(subject, values, call);
  // Not before: one that was refused is no reason to believe the keeper.
  if (!isKnown) await accounts.identities.entrust(user.id, id, subject);
}

/** @throws NOT_FOUND */
export async function userWith({ accounts }: PeopleParts, id: string): Promise<User> {
  const user = await accounts.users.find(id);
  if (!user) throw new HttpError('NOT_FOUND', 'There is no such user.');
  return user;
}
