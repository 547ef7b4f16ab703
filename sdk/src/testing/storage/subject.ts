import type { UserIdentity } from '../../call.ts';
import type { StorageResource } from '../../resources.ts';
import type { OpenStorage, StorageBackend } from '../../storage.ts';
import { testCall, testUser } from '../call.ts';
import type { FileTreeSubject } from '../files/index.ts';
import type { Census } from '../leftovers.ts';

/** What the {@link describeStorageBackend} kit tests. */
export interface StorageBackendSubject {
  /** What is tested. */
  readonly backend: StorageBackend;
  /** A storage of this kind with nothing in it: the test's own. */
  readonly storage: StorageResource;
  /** Whether each user has files of their own in it. */
  readonly isPersonal: boolean;
  /** Whether tasks can mount it. */
  readonly canBind: boolean;
  /** The same kind of storage where nothing answers or nothing is. Absent where that can't be had. */
  readonly broken?: StorageResource;
  /** Trees opened through {@link StorageBackend.open}, for the kit of file trees. */
  readonly trees: FileTreeSubject;
  /** Counts what may be left behind, such as leases. */
  count?(): Census | Promise<Census>;
}

/** Another user than {@link testUser}. */
export const otherUser: UserIdentity = { kind: 'user', id: '0197a3c0-0000-7000-8000-000000000002', name: 'grace' };

/** Opens a storage, uses it, and gives it back. */
export async function withStorage(
  { backend, storage }: StorageBackendSubject,
  use: (opened: OpenStorage) => Promise<void>,
  changes: Partial<StorageResource> = {},
  who: UserIdentity = testUser,
): Promise<void> {
  await using opened = await backend.open({ ...storage, ...changes }, testCall({ who }));
  await use(opened);
}
