import { Type, type Static } from 'typebox';
import { authModes } from '../access.ts';
import { pattern } from '../grammar.ts';
import { Id, JsonValue, Name, Owner, Patch, Rights, Strict, Timestamp, Words } from './common.ts';

const identifier = (title: string) => Type.String({ pattern: pattern('id'), title });

/** With whose credentials a resource is used. */
export const AuthMode = Words(authModes, { title: 'Credentials' });

/** An engine and its runtimes. */
export const EngineChoice = Strict({
  id: identifier('Engine'),
  runtimes: Type.Array(Type.String({ pattern: '^[a-z][a-z0-9_-]{0,62}$' }), { maxItems: 20, default: [] }),
});

/** How a resource was when it was last asked. */
export const Health = Strict({
  state: Type.Enum(['ok', 'failing', 'unknown']),
  reason: Type.Optional(Type.String()),
  code: Type.Optional(Type.String({ description: 'Of the reason: UNREACHABLE when it doesn’t answer' })),
  since: Type.Optional({ ...Timestamp, description: 'Since when it is in this state' }),
});
/** How a resource was when it was last asked. */
export type Health = Static<typeof Health>;

const shared = { name: Name, access: identifier('Access'), auth: AuthMode, accessConf: JsonValue, conf: JsonValue };
const sharedNew = {
  name: Name,
  access: Type.Optional({ ...shared.access, description: 'Default: the first that its kind accepts' }),
  auth: Type.Optional({ ...AuthMode, description: 'Default: the first that its kind accepts with this access' }),
  accessConf: Type.Optional(JsonValue),
  conf: Type.Optional(JsonValue),
  credentials: Type.Optional({
    ...JsonValue,
    description: 'For platform-token, as the kind describes them; in no answer',
  }),
  owner: Type.Optional(Owner),
};
const sharedView = {
  id: Id,
  secrets: Type.Array(Type.String(), {
    description:
      'Secret settings that are set, e.g. conf.token: in no answer, kept where a change doesn’t name them, removed by null',
  }),
  owner: Owner,
  isDeclared: Type.Boolean(),
  rights: Rights,
  health: Health,
  createdAt: Timestamp,
};

/** A place where tasks run. */
export const Computing = Strict({
  ...sharedView,
  ...shared,
  driver: identifier('Driver'),
  kind: Type.Optional(Type.Enum(['standalone', 'cluster'])),
  engines: Type.Array(EngineChoice),
});
/** A place where tasks run. */
export type Computing = Static<typeof Computing>;

/** Makes a computing resource. */
export const NewComputing = Strict({
  ...sharedNew,
  driver: identifier('Driver'),
  engines: Type.Optional(Type.Array(EngineChoice, { maxItems: 10 })),
});
/** Makes a computing resource. */
export type NewComputing = Static<typeof NewComputing>;

/** Changes a computing resource. */
export const ComputingPatch = Patch(NewComputing);
/** Changes a computing resource. */
export type ComputingPatch = Static<typeof ComputingPatch>;

/** What a resource offers for a launch, right now. */
export const LaunchOptions = Strict({
  engines: Type.Array(
    Strict({
      ...EngineChoice.properties,
      caution: Type.Optional(Type.String({ description: 'What to know before it is chosen, in a sentence' })),
    }),
  ),
  architectures: Type.Array(Type.String()),
  emulated: Type.Array(Type.String()),
  facts: Type.Array(Strict({ label: Type.String(), value: Type.String() })),
  schema: Type.Record(Type.String(), Type.Unknown(), { description: 'JSON Schema of the options' }),
  fits: Type.Boolean({ description: 'Whether the software can run here' }),
  reason: Type.Optional(Type.String({ description: 'Why it doesn’t fit, or what to know' })),
  mail: Type.Boolean({ description: 'Whether the caller can be told by e-mail when a task starts' }),
  mounts: Type.Array(
    Strict({
      id: Id,
      name: Type.String(),
      target: Type.String({ description: 'Where a task finds it' }),
      readOnly: Type.Boolean({ description: 'Whether a task may only read it' }),
    }),
    { description: 'Storages that a task of the caller here mounts' },
  ),
  staging: Strict(
    {
      sources: Type.Array(Strict({ id: Id, name: Type.String(), readOnly: Type.Boolean() }), {
        description: 'Storages of the caller that a task here doesn’t mount',
      }),
      workspaces: Type.Array(Strict({ id: Id, name: Type.String(), isShared: Type.Boolean() }), {
        description:
          'Storages that a task here mounts and the caller may write to, the best first; `isShared`: others may read what lies there. None, and no reason: the resource keeps files with the task',
      }),
      reason: Type.Optional(Type.String({ description: 'Why files can’t be brought here' })),
    },
    { description: 'What can be brought into a task and back' },
  ),
});
/** What a resource offers for a launch, right now. */
export type LaunchOptions = Static<typeof LaunchOptions>;

/** What a check found. */
export const CheckResult = Strict({
  ok: Type.Boolean(),
  reason: Type.Optional(Type.String({ description: 'What is wrong; where it is ok, what is left to do' })),
  code: Type.Optional(Type.String()),
  field: Type.Optional(Type.String({ description: 'Setting of the resource that is to blame' })),
  offer: Type.Optional(
    Strict(
      { field: Type.String(), value: Type.Unknown() },
      { description: 'For who may change the resource: what it showed of itself, to be set when it is trusted' },
    ),
  ),
  facts: Type.Array(Strict({ label: Type.String(), value: Type.String() })),
});
/** What a check found. */
export type CheckResult = Static<typeof CheckResult>;

/** A file tree that users browse and tasks mount. */
export const Storage = Strict({
  ...sharedView,
  ...shared,
  backend: identifier('Backend'),
  computing: Type.Optional(Id),
  readOnly: Type.Boolean(),
  browsable: Type.Boolean(),
});
/** A file tree that users browse and tasks mount. */
export type Storage = Static<typeof Storage>;

/** Makes a storage. */
export const NewStorage = Strict({
  ...sharedNew,
  backend: identifier('Backend'),
  computing: Type.Optional(Id),
  readOnly: Type.Optional(Type.Boolean({ title: 'Read-only', default: false })),
  browsable: Type.Optional(Type.Boolean({ title: 'Browsable', default: true })),
});
/** Makes a storage. */
export type NewStorage = Static<typeof NewStorage>;

/** Changes a storage. `null` takes it off its computing. */
export const StoragePatch = Strict({
  ...Patch(NewStorage).properties,
  computing: Type.Optional(Type.Union([Id, Type.Null()])),
});
/** Changes a storage. */
export type StoragePatch = Static<typeof StoragePatch>;

/** Kinds of resources that the active plugins offer, with the schemas of their settings. */
export const ResourceKinds = Strict({
  drivers: Type.Array(
    Strict({
      id: Type.String(),
      title: Type.String(),
      kind: Type.String(),
      bringsEngine: Type.Boolean({ description: 'Whether there are no container engines to choose for it' }),
      accepts: Type.Array(Strict({ access: Type.String(), auth: Type.Array(Type.String()) })),
      conf: JsonValue,
      credentials: Type.Optional(JsonValue),
    }),
  ),
  backends: Type.Array(
    Strict({
      id: Type.String(),
      title: Type.String(),
      accepts: Type.Array(Strict({ access: Type.String(), auth: Type.Array(Type.String()) })),
      conf: JsonValue,
      credentials: Type.Optional(JsonValue),
    }),
  ),
  access: Type.Array(Strict({ id: Type.String(), title: Type.String(), conf: JsonValue })),
  engines: Type.Array(Strict({ id: Type.String(), title: Type.String(), runtimes: Type.Array(Type.String()) })),
  protocols: Type.Array(
    Strict({ id: Type.String(), title: Type.String(), exposure: Type.String(), needsPowerUser: Type.Boolean() }),
  ),
});
/** Kinds of resources that the active plugins offer, with the schemas of their settings. */
export type ResourceKinds = Static<typeof ResourceKinds>;
