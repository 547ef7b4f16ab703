import type { AuthProvider, Call, Registry } from '@stele/sdk';
import type { Me, Membership } from '@stele/sdk/api';
import type { Accounts, Viewer } from '../../accounts/index.ts';
import { HttpError } from '../problem.ts';

/** What routes about people work with. */
export interface PeopleParts {
  readonly accounts: Accounts;
  readonly providers: Registry<AuthProvider>;
  /** A call in somebody's name that ends with the request. */
  readonly call: (viewer: Viewer, signal: AbortSignal) => Call;
}

/** The provider that keeps a user's secret, and who they are there. */
export async function secretKeeper({ accounts, providers }: PeopleParts, userId: string) {
  const user = await accounts.users.find(userId);
  if (!user) throw new HttpError('NOT_FOUND', 'There is no such user.');
  const credentials = providers.get(user.provider)?.credentials;
  const subject = await accounts.identities.subject(userId, user.provider);
  return { user, credentials, subject };
}

/** The one who asks, with everything that the page shows of them. */
export async function meView(parts: PeopleParts, viewer: Viewer, signal: AbortSignal): Promise<Me> {
  const { user, credentials, subject } = await secretKeeper(parts, viewer.id);
  const { id, email, name, username, role, provider, timezone, locale } = user;
  const hasPassword =
    credentials !== undefined && subject !== undefined && (await credentials.has(subject, parts.call(viewer, signal)));
  return {
    id,
    email,
    name,
    username,
    role,
    provider,
    timezone,
    locale,
    hasPassword,
    keepsPassword: credentials !== undefined && subject !== undefined,
    groups: await groupsOf(parts, viewer),
  };
}

async function groupsOf({ accounts }: PeopleParts, viewer: Viewer): Promise<Membership[]> {
  if (viewer.groups.length === 0) return [];
  const named = new Map((await accounts.groups.list(viewer)).map((group) => [group.id, group.name]));
  return viewer.groups.map(({ id, role }) => ({ id, role, name: named.get(id) ?? '' }));
}
