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
  forEveryone: Type.Boolean({
    title: 'For everyone’s software',
    description:
      'The platform’s alone: software that users and groups add is fetched with it, too. Who launches gets at whatever this account may read',
  }),
};

/** Credentials for images of a private registry. Their password is in no answer. */
export const RegistryItem = Strict({
  id: Id,
  registry: Type.String({
    description: 'Its one name: in small letters, `docker.io` for every address of Docker’s own',
  }),
  username: Type.Optional(Type.String({ description: 'For those who may change it' })),
  forEveryone: fields.forEveryone,
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
  forEveryone: Type.Optional(fields.forEveryone),
  owner: Type.Optional(Owner),
});
/** Enters credentials for a registry. */
export type NewRegistry = Static<typeof NewRegistry>;

/** Replaces credentials for a registry; what isn't named stays. They go to no other registry: enter others for that. */
export const RegistryPatch = Strict({
  username: Type.Optional(fields.username),
  password: Type.Optional(fields.password),
  forEveryone: Type.Optional(fields.forEveryone),
});
/** Replaces credentials for a registry. */
export type RegistryPatch = Static<typeof RegistryPatch>;
