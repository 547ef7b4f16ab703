import type { AuthProvider, Call, Registry } from '@stele/sdk';
import type { Me, Membership } from '@stele/sdk/api';
import type { Accounts, Viewer } from '../../accounts/index.ts';
import { secretKeeper, userWith } from './secret-keeper.ts';

/** What routes about people work with. */
export interface PeopleParts {
  readonly accounts: Accounts;
  readonly providers: Registry<AuthProvider>;
  /** A call in somebody's name that ends with the request. */
  readonly call: (viewer: Viewer, signal: AbortSignal) => Call;
}

/** The one who asks, with everything that the page shows of them. */
export async function meView(parts: PeopleParts, viewer: Viewer, signal: AbortSignal): Promise<Me> {
  const user = await userWith(parts, viewer.id);
  const keeper = await secretKeeper(parts, user);
  const { id, email, name, username, role, provider, timezone, locale } = user;
  const hasPassword =
    keeper !== undefined && (await keeper.credentials.has(keeper.subject, parts.call(viewer, signal)));
  return {
    id,
    email,
    name,
    username,
    role,
    ...(provider ? { provider } : {}),
    timezone,
    locale,
    hasPassword,
    keepsPassword: keeper !== undefined,
    groups: await groupsOf(parts, viewer),
  };
}

async function groupsOf({ accounts }: PeopleParts, viewer: Viewer): Promise<Membership[]> {
  if (viewer.groups.length === 0) return [];
  const named = new Map((await accounts.groups.list(viewer)).map((group) => [group.id, group.name]));
  return viewer.groups.map(({ id, role }) => ({ id, role, name: named.get(id) ?? '' }));
}
