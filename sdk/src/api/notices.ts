import { Type, type Static } from 'typebox';
import { Id, Name, Strict, Timestamp, Words } from './common.ts';

/** Something that the caller is told of once. */
export const Notice = Strict({
  id: Id,
  kind: Words(['started'], { description: 'started: a task that waited has begun' }),
  task: Strict({ id: Id, name: Name }),
  computing: Type.String({ description: 'Name of the computing resource' }),
  createdAt: Timestamp,
});
/** Something that the caller is told of once. */
export type Notice = Static<typeof Notice>;
