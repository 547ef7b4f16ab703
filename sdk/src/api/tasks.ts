import { Type, type Static } from 'typebox';
import { outcomes, phases } from '../computing.ts';
import { pattern } from '../grammar.ts';
import { FilePath } from './files.ts';
import { Architecture } from './software.ts';
import { Id, JsonValue, Name, Owner, Strict, Timestamp, Words } from './common.ts';

/** Where a task is in its life. */
export const TaskPhase = Words(phases);

/** How a task ended. */
export const TaskOutcome = Words(outcomes);

/** The object a task was made from, as it was named then; it may be gone. */
const Origin = Strict({ id: Type.Optional(Id), name: Type.String() });

/** A place in a storage; the storage may be gone. */
const StagedPlace = Strict({ storage: Origin, path: FilePath });

/** How far the files of one direction are. */
const stage = {
  state: Words(['idle', 'waiting', 'moving', 'done', 'failed'], {
    description: '`idle`: nothing to do now. A folder is brought back when the task ends, or when somebody asks',
  }),
  files: Type.Integer({ description: 'Files that are there' }),
  bytes: Type.Number({ description: 'Bytes that are there' }),
  allFiles: Type.Optional(Type.Integer({ description: 'Absent before they were counted' })),
  allBytes: Type.Optional(Type.Number()),
  left: Type.Optional(Type.Integer({ description: 'Links and special files, which stay where they are' })),
  reason: Type.Optional(Type.String({ description: 'A sentence for people' })),
  at: Type.Optional(Timestamp),
};

/** Files that are brought into a task before it starts, and brought back from it. */
export const TaskStaging = Strict({
  folder: Type.String({ description: 'Where the task finds them: `in` and `out` in this folder' }),
  workspace: Type.Optional(
    Strict(
      { storage: Origin, path: FilePath },
      { description: 'Where they lie until the task has ended. Absent: with the task, where its resource keeps them' },
    ),
  ),
  in: Type.Optional(Strict({ ...stage, from: Type.Array(StagedPlace) })),
  out: Type.Optional(Strict({ ...stage, to: StagedPlace, folder: FilePath })),
});
/** Files that are brought into a task before it starts, and brought back from it. */
export type TaskStaging = Static<typeof TaskStaging>;

/** One run of one software on one computing. */
export const Task = Strict({
  id: Id,
  key: Type.String({ pattern: pattern('taskKey') }),
  name: Name,
  owner: Owner,
  software: Origin,
  computing: Origin,
  image: Type.String(),
  engine: Type.Optional(Strict({ id: Type.String(), runtime: Type.Optional(Type.String()) })),
  protocol: Type.String(),
  exposure: Type.Optional(Words(['proxied', 'tunnelled'])),
  options: JsonValue,
  mounts: Type.Optional(
    Type.Array(
      Strict({
        storage: Type.Optional(Origin),
        target: Type.String({ description: 'Where the task finds it' }),
        readOnly: Type.Boolean(),
      }),
      { description: 'Storages that it mounts, as they were named when it was launched. Absent: none' },
    ),
  ),
  phase: TaskPhase,
  outcome: Type.Optional(TaskOutcome),
  reason: Type.Optional(Type.String({ description: 'A sentence for people' })),
  detail: Type.Optional(Type.String({ description: 'The scheduler’s own word' })),
  exitCode: Type.Optional(Type.Integer()),
  staging: Type.Optional(TaskStaging),
  ready: Type.Boolean({ description: 'Whether the interface answered its protocol’s probe' }),
  digest: Type.Optional(Type.String()),
  createdAt: Timestamp,
  expectedAt: Type.Optional(
    Type.String({
      ...Timestamp,
      description: 'When it may start, as its resource estimates while it waits. ISO 8601, UTC',
    }),
  ),
  startedAt: Type.Optional(Timestamp),
  endedAt: Type.Optional(Timestamp),
});
/** One run of one software on one computing. */
export type Task = Static<typeof Task>;

const NamedPlace = Strict({ storage: Id, path: FilePath });

/** Asks for files of storages that the resource can’t mount. */
export const NewStaging = Strict({
  in: Type.Optional(
    Type.Array(NamedPlace, { maxItems: 20, description: 'Files and folders that are there before the task starts' }),
  ),
  out: Type.Optional(
    Strict(NamedPlace.properties, { description: 'Folder that takes what the task leaves, in a folder of its own' }),
  ),
  workspace: Type.Optional(
    Type.String({
      format: 'uuid',
      description: 'Storage of the resource that holds them meanwhile. Default: the first that nobody else may read',
    }),
  ),
});
/** Asks for files of storages that the resource can’t mount. */
export type NewStaging = Static<typeof NewStaging>;

/** Asks for a task. */
export const NewTask = Strict({
  name: Type.Optional(Name),
  software: Id,
  computing: Id,
  engine: Type.Optional(
    Strict({
      id: Type.String({ pattern: pattern('id') }),
      runtime: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9_-]{0,62}$' })),
    }),
  ),
  architecture: Type.Optional(Architecture),
  mailAtStart: Type.Optional(Type.Boolean({ description: 'Send the caller an e-mail when it starts' })),
  options: Type.Optional(JsonValue),
  staging: Type.Optional(NewStaging),
  password: Type.Optional(
    Type.String({
      minLength: 8,
      maxLength: 200,
      pattern: '^[^\\u0000-\\u001f\\u007f]*$',
      description: 'Power users may set it',
    }),
  ),
  key: Type.Optional(
    Type.String({
      pattern: pattern('taskKey'),
      description: 'Makes the request idempotent: the same key gives the same task',
    }),
  ),
});
/** Asks for a task. */
export type NewTask = Static<typeof NewTask>;

/** Something that happened to a task, as its resource tells it: an image was fetched, a node found no room. */
export const TaskEvent = Strict({
  at: Type.Optional(Timestamp),
  reason: Type.String({ description: 'The resource’s own word: BackOff' }),
  says: Type.Optional(Type.String({ description: 'What the resource says of it' })),
  isWarning: Type.Optional(Type.Boolean({ description: 'Whether something is wrong. Default: no' })),
  count: Type.Optional(Type.Integer({ minimum: 1, description: 'How often it happened. Default: once' })),
});
/** An event of a task. Of several alike, `at` is the last one’s. */
export type TaskEvent = Static<typeof TaskEvent>;

/** What a launch would send. */
export const TaskPreview = Strict({ language: Type.String(), text: Type.String() });
/** What a launch would send. */
export type TaskPreview = Static<typeof TaskPreview>;

/** How to get in. */
export const Connection = Type.Union([
  Strict({
    kind: Type.Literal('web'),
    url: Type.String({ description: 'Single-use, valid for 30 s' }),
    password: Type.Optional(Type.String({ description: 'What the application asks for, when it asks' })),
  }),
  Strict({
    kind: Type.Literal('tcp'),
    host: Type.String(),
    port: Type.Integer({ description: 'Open until the task ends, the session ends, or nobody uses it for a while' }),
    hint: Type.String({ description: 'How to connect, often a command' }),
    user: Type.Optional(Type.String({ description: 'Who to log in as' })),
    password: Type.Optional(Type.String({ description: 'What the application asks for' })),
  }),
]);
/** How to get in. */
export type Connection = Static<typeof Connection>;
