import { Type, type Static } from 'typebox';
import { Strict, Timestamp } from './common.ts';

/** Path in a storage, relative to its root. */
export const FilePath = Type.String({
  maxLength: 4096,
  description: 'Relative to the storage’s root; empty = the root',
});

/** One entry of a folder. */
export const FileItem = Strict({
  name: Type.String(),
  path: Type.String(),
  kind: Type.Enum(['file', 'folder', 'link', 'other']),
  size: Type.Integer({ description: 'Bytes' }),
  modifiedAt: Type.Optional(Timestamp),
  mode: Type.Optional(Type.Integer()),
});
/** One entry of a folder. */
export type FileItem = Static<typeof FileItem>;

/** A page of a folder. */
export const FileList = Strict({
  entry: FileItem,
  items: Type.Array(FileItem),
  total: Type.Optional(
    Type.Integer({ description: 'Absent in a folder too large to be counted: its pages are not sorted' }),
  ),
  next: Type.Optional(Type.String()),
  usage: Type.Optional(Strict({ total: Type.Number(), free: Type.Number() })),
});
/** A page of a folder. */
export type FileList = Static<typeof FileList>;

/** Query of the listing. */
export const FileQuery = Strict({
  path: Type.Optional(FilePath),
  cursor: Type.Optional(Type.String({ maxLength: 8192 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  hidden: Type.Optional(Type.Boolean()),
});

/** A change of the tree. */
export const FileOperation = Type.Union([
  Strict({ op: Type.Literal('mkdir'), path: FilePath }),
  Strict({ op: Type.Literal('move'), from: FilePath, to: FilePath }),
  Strict({ op: Type.Literal('copy'), from: FilePath, to: FilePath }),
  Strict({ op: Type.Literal('remove'), path: FilePath }),
]);
/** A change of the tree. */
export type FileOperation = Static<typeof FileOperation>;
