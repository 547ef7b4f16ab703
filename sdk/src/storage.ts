import type { AuthMode } from './access.ts';
import type { Call } from './call.ts';
import type { Accepted } from './computing.ts';
import type { FileTree } from './files.ts';
import type { JsonSchema } from './json.ts';
import type { Bind, StorageResource } from './resources.ts';
import { extensionPoint } from './token.ts';

/** An opened storage: a file tree with a lease that ends. */
export interface OpenStorage extends FileTree, AsyncDisposable {}

/** A kind of storage that users browse and tasks mount: `posix`, `s3`. */
export interface StorageBackend {
  /** For people, e.g. `Files on a host`. */
  readonly title: string;
  /** Access and credentials it works with. */
  readonly accepts: readonly Accepted[];
  /** Settings that a storage of this kind has. */
  readonly conf: JsonSchema;
  /** What `user-token` and `platform-token` stand for; asked for with {@link Credentials}. Absent where neither is accepted. */
  readonly credentials?: JsonSchema;
  /**
   * Opens the storage as `call.who` sees it, making the user's base folder on first use where settings ask for it.
   * A read-only storage refuses every change with DENIED.
   */
  open(storage: StorageResource, call: Call): Promise<OpenStorage>;
  /**
   * Whether all who use it get to the same files, which each of them may read then. Absent: they do. Pure. Files that are brought to a task lie
   * elsewhere, if they can.
   */
  isShared?(storage: StorageResource): boolean;
  /** What a task of `call.who` mounts, the source made where it is missing; `undefined` when this kind can't be mounted. */
  bind(storage: StorageResource, call: Call): Promise<Bind | undefined>;
}

/** Where plugins add storage backends. */
export const StorageBackends = extensionPoint<StorageBackend>('core.storage-backends');

/** Whether one of `accepts` allows this pair. */
export function isAccepted(accepts: readonly Accepted[], access: string, auth: AuthMode): boolean {
  return accepts.some((row) => row.access === access && row.auth.includes(auth));
}
