import { Type, type Static } from 'typebox';
import { Id, Name, Patch, Role, Strict, Timestamp } from './common.ts';

/** A group that the user is in. */
export const Membership = Strict({
  id: Id,
  name: Name,
  role: Type.Enum(['member', 'manager']),
});
/** A group that the user is in. */
export type Membership = Static<typeof Membership>;

/** The one who asks. */
export const Me = Strict({
  id: Id,
  email: Type.String(),
  name: Name,
  username: Type.String({ description: 'Safe in paths; what $USER becomes' }),
  role: Role,
  provider: Type.Optional(Type.String({ description: 'Who brought this account; absent for one that was made here' })),
  timezone: Type.String(),
  locale: Type.String(),
  groups: Type.Array(Membership),
  hasPassword: Type.Boolean(),
  keepsPassword: Type.Boolean({ description: 'Whether a password can be set here' }),
});
/** The one who asks. */
export type Me = Static<typeof Me>;

/** What users change of themselves. */
export const MePatch = Patch(
  Strict({
    name: Name,
    timezone: Type.String({ maxLength: 64, description: 'IANA name, e.g. Europe/Rome' }),
    locale: Type.String({ pattern: '^[a-z]{2}(-[A-Z]{2})?$' }),
  }),
);
/** What users change of themselves. */
export type MePatch = Static<typeof MePatch>;

/** A session as its owner sees it. */
export const SessionItem = Strict({
  id: Id,
  current: Type.Boolean(),
  createdAt: Timestamp,
  lastUsedAt: Timestamp,
  expiresAt: Timestamp,
  userAgent: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
});
/** A session as its owner sees it. */
export type SessionItem = Static<typeof SessionItem>;

/** What comes with a session cookie. */
export const SessionInfo = Strict({
  user: Me,
  csrf: Type.String({ description: 'Send it as X-CSRF-Token' }),
  linked: Type.Optional(Type.String({ description: 'The provider that was just linked to the account' })),
});
/** What comes with a session cookie. */
export type SessionInfo = Static<typeof SessionInfo>;

/** Log-in by a one-time link, by the answer of a provider that the browser comes back from, or by a form. */
export const LogIn = Type.Union([
  Strict({ link: Type.String({ minLength: 20, maxLength: 200, description: 'Secret of a one-time log-in link' }) }),
  Strict({
    provider: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: 'May be left out where there is only one to come back from',
      }),
    ),
    answer: Type.Record(Type.String(), Type.String({ maxLength: 8192 }), {
      maxProperties: 20,
      description: 'The query that the browser came back with',
    }),
  }),
  Type.Object(
    {
      provider: Type.Optional(Type.String({ maxLength: 64, description: 'May be left out where only one has a form' })),
    },
    { additionalProperties: Type.String({ maxLength: 1024 }), description: 'Fields of the provider’s form' },
  ),
]);

/** A way to log in. */
export const AuthOption = Strict({
  id: Type.String(),
  title: Type.String(),
  kind: Type.Enum(['form', 'redirect']),
  fields: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  trouble: Type.Optional(Type.String({ description: 'Why it can’t be used at the moment' })),
});
/** A way to log in. */
export type AuthOption = Static<typeof AuthOption>;

/** Where the browser goes to. */
export const Elsewhere = Strict({ url: Type.String() });
/** Where the browser goes to. */
export type Elsewhere = Static<typeof Elsewhere>;

/** After a log-out: where the browser goes to log out at the provider as well. */
export const LoggedOut = Strict({ url: Type.Optional(Type.String()) });
/** After a log-out. */
export type LoggedOut = Static<typeof LoggedOut>;

/** A provider that knows the user. */
export const IdentityItem = Strict({
  id: Id,
  provider: Type.String(),
  title: Type.String({ description: 'The provider’s, for people' }),
  isLinked: Type.Boolean({ description: 'Whether it was linked later, and can be let go' }),
  createdAt: Timestamp,
});
/** A provider that knows the user. */
export type IdentityItem = Static<typeof IdentityItem>;

/** Asks for a link to a provider. */
export const NewIdentity = Strict({ provider: Type.String({ minLength: 1, maxLength: 64 }) });
/** Asks for a link to a provider. */
export type NewIdentity = Static<typeof NewIdentity>;

/** What an API token may do. */
export const TokenScope = Type.Enum(['read', 'write']);

/** An API token, without its secret. */
export const ApiTokenItem = Strict({
  id: Id,
  name: Name,
  prefix: Type.String(),
  scope: TokenScope,
  createdAt: Timestamp,
  expiresAt: Timestamp,
  lastUsedAt: Type.Optional(Timestamp),
});
/** An API token, without its secret. */
export type ApiTokenItem = Static<typeof ApiTokenItem>;

/** Asks for an API token. */
export const NewApiToken = Strict({
  name: Name,
  scope: Type.Optional(TokenScope),
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: 365, default: 90, title: 'Valid for (days)' })),
});
/** Asks for an API token. */
export type NewApiToken = Static<typeof NewApiToken>;

/** A new token: the only time that its secret is shown. */
export const ApiTokenCreated = Strict({ token: ApiTokenItem, secret: Type.String() });
/** A new token: the only time that its secret is shown. */
export type ApiTokenCreated = Static<typeof ApiTokenCreated>;

/** A user as admins see one. */
export const UserItem = Strict({
  id: Id,
  email: Type.String(),
  name: Name,
  username: Type.String(),
  role: Role,
  provider: Type.Optional(Type.String({ description: 'Who brought this account; absent for one that was made here' })),
  isDisabled: Type.Boolean(),
  createdAt: Timestamp,
});
/** A user as admins see one. */
export type UserItem = Static<typeof UserItem>;

/** Makes a user. */
export const NewUser = Strict({
  email: Type.String({ format: 'email', maxLength: 254, title: 'E-mail' }),
  name: Name,
  role: Type.Optional(Role),
  password: Type.Optional(Type.String({ minLength: 10, maxLength: 1024 })),
});
/** Makes a user. */
export type NewUser = Static<typeof NewUser>;

/** Changes a user. */
export const UserPatch = Patch(Strict({ name: Name, role: Role, isDisabled: Type.Boolean() }));
/** Changes a user. */
export type UserPatch = Static<typeof UserPatch>;

/** A one-time log-in link that an admin makes for a user. */
export const LogInLink = Strict({ url: Type.String(), expiresAt: Timestamp });
/** A one-time log-in link that an admin makes for a user. */
export type LogInLink = Static<typeof LogInLink>;

/** A group. */
export const Group = Strict({
  id: Id,
  name: Name,
  provider: Type.Optional(Type.String({ description: 'Whose claims made it, and say who is in' })),
  members: Type.Array(
    Strict({
      id: Id,
      name: Name,
      email: Type.String(),
      role: Type.Enum(['member', 'manager']),
    }),
  ),
});
/** A group. */
export type Group = Static<typeof Group>;

/** Makes or renames a group. */
export const NewGroup = Strict({ name: Name });
/** Makes or renames a group. */
export type NewGroup = Static<typeof NewGroup>;

/** Adds a member, or changes their role. */
export const GroupMember = Strict({
  role: Type.Enum(['member', 'manager'], { default: 'member' }),
});
/** Adds a member, or changes their role. */
export type GroupMember = Static<typeof GroupMember>;

/** Adds somebody by their e-mail address: managers of a group don't see the list of users. */
export const NewGroupMember = Strict({
  email: Type.String({ format: 'email', maxLength: 254, title: 'E-mail' }),
  role: Type.Enum(['member', 'manager'], { default: 'member' }),
});
/** Adds somebody by their e-mail address. */
export type NewGroupMember = Static<typeof NewGroupMember>;

/** Sets or changes one's password. */
export const PasswordChange = Strict({
  current: Type.Optional(Type.String({ maxLength: 1024, description: 'The password so far, if there is one' })),
  password: Type.String({ minLength: 1, maxLength: 1024, description: 'The new password' }),
  endTokens: Type.Optional(
    Type.Boolean({ description: 'Whether one’s API tokens are revoked as well', default: false }),
  ),
});
/** Sets or changes one's password. */
export type PasswordChange = Static<typeof PasswordChange>;
