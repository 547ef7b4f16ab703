import { Type, type Static } from 'typebox';
import { grammar, pattern } from '../grammar.ts';
import { architectures } from '../resources.ts';
import { Id, Name, Owner, Patch, Rights, Strict, Timestamp, Words } from './common.ts';

/** CPU architecture by its OCI name. */
export const Architecture = Words(architectures, { title: 'Architecture' });

/** Environment by name. */
export const Environment = Type.Record(
  Type.String({ pattern: pattern('envName') }),
  Type.String({ pattern: pattern('envValue') }),
  { title: 'Environment', maxProperties: 100, additionalProperties: false },
);

/** What the image's container can do, beyond the minimum. */
export const SoftwareFlags = Strict({
  customPort: Type.Boolean({ title: 'Listens on the port in BASE_PORT', default: false }),
  customSocket: Type.Optional(Type.Boolean({ title: 'Listens on the socket in BASE_SOCKET', default: false })),
  interfaceAuth: Type.Boolean({ title: 'Takes a password in AUTH_PASS', default: false }),
  fixedUser: Type.Boolean({
    title: 'Needs the user that the image names',
    description: 'A note for people: no computing acts on it yet',
    default: false,
  }),
});

const Digest = Type.String({ pattern: `^${grammar.digest}$`, title: 'Digest' });

const fields = {
  name: Name,
  description: Type.String({ maxLength: 2000, title: 'Description', default: '' }),
  icon: Type.String({ maxLength: 64, pattern: '^[a-z][a-z0-9-]*$', title: 'Icon', default: 'cube' }),
  registry: Type.String({ pattern: pattern('registry'), maxLength: 255, title: 'Registry', default: 'docker.io' }),
  image: Type.String({ pattern: pattern('repository'), maxLength: 255, title: 'Image', examples: ['library/debian'] }),
  tag: Type.String({ pattern: pattern('tag'), title: 'Tag', default: 'latest' }),
  digest: Type.Optional(Digest),
  architecture: Type.Optional(Architecture),
  port: Type.Integer({ minimum: 1, maximum: 65535, title: 'Port', default: 8888 }),
  protocol: Type.String({ pattern: pattern('id'), title: 'Protocol', default: 'http' }),
  transport: Type.Enum(['tcp', 'udp'], { title: 'Transport', default: 'tcp' }),
  env: Environment,
  flags: SoftwareFlags,
};

/** The twin of an OCI image: how to find it, and what interface it opens. */
export const Software = Strict({
  id: Id,
  ...fields,
  owner: Owner,
  isDeclared: Type.Boolean({ description: 'Declared in the site file: read-only here' }),
  rights: Rights,
  createdAt: Timestamp,
});
/** The twin of an OCI image: how to find it, and what interface it opens. */
export type Software = Static<typeof Software>;

/** Makes a software. */
export const NewSoftware = Strict({
  name: fields.name,
  description: Type.Optional(fields.description),
  icon: Type.Optional(fields.icon),
  registry: Type.Optional(fields.registry),
  image: fields.image,
  tag: Type.Optional(fields.tag),
  digest: fields.digest,
  architecture: fields.architecture,
  port: fields.port,
  protocol: Type.Optional(fields.protocol),
  transport: Type.Optional(fields.transport),
  env: Type.Optional(Environment),
  flags: Type.Optional(Patch(SoftwareFlags)),
  owner: Type.Optional(Owner),
});
/** Makes a software. */
export type NewSoftware = Static<typeof NewSoftware>;

/** Changes a software. `null` removes what is optional. */
export const SoftwarePatch = Strict({
  ...Patch(NewSoftware).properties,
  digest: Type.Optional(Type.Union([Digest, Type.Null()])),
  architecture: Type.Optional(Type.Union([Architecture, Type.Null()])),
});
/** Changes a software. */
export type SoftwarePatch = Static<typeof SoftwarePatch>;
