import { Type, type Static } from 'typebox';
import { pattern } from '../grammar.ts';
import { Id, Owner, Rights, Strict, Timestamp } from './common.ts';

const fields = {
  registry: Type.String({
    pattern: pattern('registry'),
    maxLength: 255,
    title: 'Registry',
    description: 'Host, with its port where it is another than 443',
    examples: ['registry.example.org'],
  }),
  username: Type.String({
    // A colon ends the user name in what is sent to the registry.
    pattern: '^[^\\u0000-\\u001f\\u007f:]+$',
    maxLength: 255,
    title: 'User name',
  }),
  password: Type.String({
    pattern: '^[^\\u0000-\\u001f\\u007f]+$',
    maxLength: 8192,
    title: 'Password or token',
    'x-secret': true,
    writeOnly: true,
  }),
  shared: Type.Boolean({
    title: 'Shared',
    description:
      'The platform’s or a group’s: for whatever those launch who may use its things, on any computing, where they may be able to read the password. Else for the owner’s software alone, where the platform works by an account of its own',
  }),
};

/** Credentials for images of a private registry. Their password is in no answer. */
export const RegistryItem = Strict({
  id: Id,
  registry: Type.String({
    description: 'Its one name: in small letters, `docker.io` for every address of Docker’s own',
  }),
  username: Type.Optional(Type.String({ description: 'For those who may change it' })),
  shared: fields.shared,
  owner: Owner,
  rights: Rights,
  updatedAt: Timestamp,
});
/** Credentials for images of a private registry. */
export type RegistryItem = Static<typeof RegistryItem>;

/** Enters credentials for a registry. The owner is the caller where none is named. */
export const NewRegistry = Strict({
  registry: fields.registry,
  username: fields.username,
  password: fields.password,
  shared: Type.Optional(fields.shared),
  owner: Type.Optional(Owner),
});
/** Enters credentials for a registry. */
export type NewRegistry = Static<typeof NewRegistry>;

/** Replaces credentials for a registry; what isn't named stays. They go to no other registry: enter others for that. */
export const RegistryPatch = Strict({
  username: Type.Optional(fields.username),
  password: Type.Optional(fields.password),
  shared: Type.Optional(fields.shared),
});
/** Replaces credentials for a registry. */
export type RegistryPatch = Static<typeof RegistryPatch>;
