import type { Bind, Call, Host, HostService, OpenStorage, StorageBackend, StorageResource } from '@stele/sdk';
import { demandApart } from './apart.ts';
import { confOf, confSchema } from './conf.ts';
import { basePath, bindPath, isShared } from './paths.ts';
import { PosixStorage } from './posix-storage.ts';

/** The user's rights on the folder that is made for them, and nobody else's. */
const baseMode = 0o700;

/** Folders of hosts, whichever way those are reached. */
export class Posix implements StorageBackend {
  readonly title = 'Files on a host';
  readonly accepts = [
    { access: 'local', auth: ['none'] },
    { access: 'ssh', auth: ['user-keys', 'platform-keys'] },
  ] as const;
  readonly conf = confSchema;
  readonly #hosts: HostService;
  readonly #bases: readonly string[];

  /** @param bases folders that storages with the platform's rights may lie in; empty for any */
  constructor(hosts: HostService, bases: readonly string[]) {
    this.#hosts = hosts;
    this.#bases = bases;
  }

  async open(storage: StorageResource, call: Call): Promise<OpenStorage> {
    const host = await this.#hosts.open(storage, call);
    try {
      const base = basePath(storage, { who: call.who, account: host.user }, this.#bases);
      await prepare(host, base, storage, call);
      return new PosixStorage(host, base, storage);
    } catch (error) {
      await host[Symbol.asyncDispose]();
      throw error;
    }
  }

  isShared(storage: StorageResource): boolean {
    return isShared(storage);
  }

  async bind(storage: StorageResource, call: Call): Promise<Bind> {
    await using host = await this.#hosts.open(storage, call);
    const whom = { who: call.who, account: host.user };
    const source = basePath(storage, whom, this.#bases);
    const target = bindPath(storage, whom);
    await prepare(host, source, storage, call);
    // An engine would make a missing folder itself, with rights of its own.
    await host.files(source).stat('', call.signal);
    return { source, target, readOnly: storage.readOnly };
  }
}

async function prepare(host: Host, base: string, storage: StorageResource, call: Call): Promise<void> {
  await demandApart(host, base, storage, call.signal);
  if (confOf(storage.conf).createBase && !storage.readOnly) await host.ensureFolder(base, baseMode, call.signal);
}
