import { type Static, Type } from 'typebox';

const strict = { additionalProperties: false } as const;

/** A list that lets somebody in. An empty one would let nobody in, or, read another way, everybody: it is refused. */
const names = (title: string, description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 500 }), { minItems: 1, maxItems: 1000, title, description });

const allow = Type.Object(
  {
    everybody: Type.Optional(Type.Literal(true)),
    emailDomains: Type.Optional(names('E-mail domains', 'Of an address that the provider has verified.')),
    groups: Type.Optional(names('Groups', 'As the provider calls them.')),
    subjects: Type.Optional(names('Subjects', 'As the provider calls them.')),
  },
  {
    ...strict,
    minProperties: 1,
    title: 'Who is let in',
    description:
      'Either everybody: true, or whoever is on one of the lists emailDomains (of a verified address), groups, subjects.',
  },
);

const groups = Type.Object(
  {
    names: Type.Optional(
      Type.Record(Type.String({ pattern: '^.{1,200}$' }), Type.String({ minLength: 1, maxLength: 200 }), {
        title: 'Names here',
        description: 'The group’s name here, by what the provider calls it.',
      }),
    ),
    others: Type.Boolean({ default: false, title: 'All others too', description: 'Under the provider’s own names.' }),
  },
  {
    ...strict,
    title: 'Groups',
    description:
      'Which of the claim’s groups become groups here: names gives them names, by the provider’s; others: true takes all the rest.',
  },
);

const roles = Type.Object(
  {
    admin: Type.Optional(names('Administrators', 'Groups, as the provider calls them.')),
    power: Type.Optional(names('Power users', 'Groups, as the provider calls them.')),
  },
  {
    ...strict,
    minProperties: 1,
    title: 'Roles',
    description: 'Groups, as the provider calls them, whose members are admin or power as long as they are in them.',
  },
);

/** Settings of one provider. */
export const provider = Type.Object(
  {
    title: Type.String({ minLength: 1, maxLength: 100, title: 'Name', description: 'For people, on the button.' }),
    issuer: Type.String({
      pattern: '^https?://[^\\s?#]+$',
      maxLength: 1000,
      title: 'Issuer',
      description: 'URL below which it has /.well-known/openid-configuration. https, or http on this machine.',
    }),
    clientId: Type.String({ minLength: 1, maxLength: 500, title: 'Client', description: 'Id of this site there.' }),
    clientSecretFile: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        title: 'File of the client secret',
        description: 'Absolute path; read at each log-in.',
      }),
    ),
    clientSecretVariable: Type.Optional(
      Type.String({
        pattern: '^STELE_[A-Z0-9_]{1,100}_SECRET$',
        title: 'Variable of the client secret',
        description:
          'Environment variable that has it instead: STELE_…_SECRET. Neither: a public client, with PKCE alone.',
      }),
    ),
    secretBy: Type.Optional(
      Type.Enum(['basic', 'post'], {
        title: 'How the secret is sent',
        description: 'Default: basic where the provider takes it, else post.',
      }),
    ),
    scopes: Type.Array(Type.String({ pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,200}$' }), {
      default: ['openid', 'profile', 'email'],
      title: 'Scopes',
      description: 'openid is always asked for.',
    }),
    allow,
    newUsers: Type.Boolean({
      default: true,
      title: 'New users',
      description: 'Whether a first log-in makes a user. Without, it only links accounts that are there.',
    }),
    userNameClaim: Type.String({
      default: 'preferred_username',
      minLength: 1,
      maxLength: 200,
      title: 'Claim of user names',
      description: 'What a new user’s name is made of. Without it: the e-mail address.',
    }),
    groupsClaim: Type.String({
      default: 'groups',
      minLength: 1,
      maxLength: 200,
      title: 'Claim of groups',
      description: 'With dots for a claim within a claim, e.g. realm_access.roles.',
    }),
    groups: Type.Optional(groups),
    roles: Type.Optional(roles),
    logOut: Type.Enum(['provider', 'here'], {
      default: 'provider',
      title: 'Log-out',
      description: 'Whether a log-out leads to the provider’s own, where it has one.',
    }),
    clockTolerance: Type.Integer({
      default: 30,
      minimum: 0,
      maximum: 300,
      title: 'Clocks may differ by',
      description: 'Between the provider and this machine.',
      'x-unit': 'seconds',
    }),
  },
  strict,
);

/** Settings of the plugin. */
export const settings = Type.Object(
  {
    providers: Type.Record(Type.String({ pattern: '^[a-z][a-z0-9-]{0,30}$' }), provider, {
      ...strict,
      default: {},
      title: 'Providers',
      description: 'By an id of your choice, which is part of the redirect URI and must not change.',
    }),
  },
  strict,
);

/** Settings, checked and with defaults filled in. */
export type OidcSettings = Static<typeof settings>;

/** Settings of one provider, checked and with defaults filled in. */
export type ProviderSettings = Static<typeof provider>;
