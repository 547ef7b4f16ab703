import { Type, type Static } from 'typebox';
import { outcomes, phases } from '../computing.ts';
import { pattern } from '../grammar.ts';
import { Architecture } from './software.ts';
import { Id, JsonValue, Name, Owner, Strict, Timestamp, Words } from './common.ts';

/** Where a task is in its life. */
export const TaskPhase = Words(phases);

/** How a task ended. */
export const TaskOutcome = Words(outcomes);

/** The object a task was made from, as it was named then; it may be gone. */
const Origin = Strict({ id: Type.Optional(Id), name: Type.String() });

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
  phase: TaskPhase,
  outcome: Type.Optional(TaskOutcome),
  reason: Type.Optional(Type.String({ description: 'A sentence for people' })),
  detail: Type.Optional(Type.String({ description: 'The scheduler’s own word' })),
  exitCode: Type.Optional(Type.Integer()),
  ready: Type.Boolean({ description: 'Whether the interface answered its protocol’s probe' }),
  digest: Type.Optional(Type.String()),
  createdAt: Timestamp,
  startedAt: Type.Optional(Timestamp),
  endedAt: Type.Optional(Timestamp),
});
/** One run of one software on one computing. */
export type Task = Static<typeof Task>;

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

/** Something that happened to a task, as its resource tells it. */
export const TaskEvent = Strict({
  at: Type.Optional(Timestamp),
  reason: Type.String({ description: 'The resource’s own word' }),
  says: Type.Optional(Type.String()),
  isWarning: Type.Optional(Type.Boolean()),
  count: Type.Optional(Type.Integer({ minimum: 1 })),
});
/** Something that happened to a task, as its resource tells it. */
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
