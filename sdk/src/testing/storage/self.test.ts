import assert from 'node:assert/strict';
import type { Call } from '../../call.ts';
import { SteleError } from '../../errors.ts';
import type { ByteRange, ListOptions, WriteOptions } from '../../files.ts';
import type { Bind, StorageResource } from '../../resources.ts';
import type { OpenStorage, StorageBackend } from '../../storage.ts';
import { collect, failures } from '../collect.ts';
import { MemoryDisk, newFolder } from '../reference/memory-disk.ts';
import { MemoryTree } from '../reference/memory-tree.ts';
import { memoryTrees } from '../reference/memory-world.ts';
import type { Runner } from '../runner.ts';
import { describeStorageBackend, type StorageBackendSubject } from './index.ts';

type Fault =
  | 'writes to read-only storages in the middle of files'
  | 'copies in read-only storages'
  | 'mixes the users'
  | 'mounts read-only storages writable'
  | 'mounts all users’ files for each'
  | 'gives relative paths'
  | 'forgets'
  | 'keeps leases'
  | 'ends others’ leases'
  | 'opens for who has left'
  | 'accepts nothing'
  | 'takes tokens that it does not describe'
  | 'shows an empty folder where nothing is';

const caught: Record<Fault, RegExp> = {
  'writes to read-only storages in the middle of files': /read and not changed/,
  'copies in read-only storages': /read and not changed/,
  'mixes the users': /users apart/,
  'mounts read-only storages writable': /exactly where the storage is/,
  'mounts all users’ files for each': /folder of their own/,
  'gives relative paths': /absolute paths/,
  forgets: /finds again/,
  'keeps leases': /finds again/,
  'ends others’ leases': /opened twice/,
  'opens for who has left': /who has left/,
  'accepts nothing': /what it works with/,
  'takes tokens that it does not describe': /what it works with/,
  'shows an empty folder where nothing is': /says so when there is nothing/,
};

function readOnly(): never {
  throw new SteleError('DENIED', 'read-only');
}

/** A tree with a lease. */
class MemoryStorage extends MemoryTree implements OpenStorage {
  readonly #end: () => void;
  readonly #isOpen: () => boolean;
  readonly #isWritable: (call: string) => boolean;

  constructor(
    disk: MemoryDisk,
    root: string,
    end: () => void,
    isOpen: () => boolean,
    isWritable: (call: string) => boolean,
  ) {
    super(disk, [root]);
    this.#end = end;
    this.#isOpen = isOpen;
    this.#isWritable = isWritable;
  }

  override async list(path: string, options: ListOptions, signal: AbortSignal) {
    return super.list(path, options, signal);
  }

  override async read(path: string, range: ByteRange | undefined, signal: AbortSignal) {
    if (!this.#isOpen()) throw new SteleError('UNREACHABLE', 'closed');
    return super.read(path, range, signal);
  }

  override async write(path: string, content: AsyncIterable<Uint8Array>, options: WriteOptions, signal: AbortSignal) {
    if (!this.#isWritable(options.offset === undefined ? 'write' : 'write from')) readOnly();
    return super.write(path, content, options, signal);
  }

  override async makeFolder(path: string, signal: AbortSignal) {
    if (!this.#isWritable('makeFolder')) readOnly();
    return super.makeFolder(path, signal);
  }

  override async move(from: string, to: string, signal: AbortSignal) {
    if (!this.#isWritable('move')) readOnly();
    return super.move(from, to, signal);
  }

  override async copy(from: string, to: string, signal: AbortSignal) {
    if (!this.#isWritable('copy')) readOnly();
    return super.copy(from, to, signal);
  }

  override async remove(path: string, signal: AbortSignal) {
    if (!this.#isWritable('remove')) readOnly();
    return super.remove(path, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
  }
}

class MemoryBackend implements StorageBackend {
  readonly title = 'Memory';
  readonly accepts;
  readonly conf = { type: 'object' };
  readonly leases = new Set<symbol>();
  readonly #fault: Fault | undefined;
  #disk = new MemoryDisk();

  constructor(fault?: Fault) {
    this.#fault = fault;
    const auth =
      fault === 'takes tokens that it does not describe' ? (['none', 'user-token'] as const) : (['none'] as const);
    this.accepts = fault === 'accepts nothing' ? [] : [{ access: 'api', auth }];
  }

  async open(storage: StorageResource, call: Call): Promise<OpenStorage> {
    this.#check(storage, call);
    const user = this.#fault === 'mixes the users' || call.who.kind === 'platform' ? 'all' : call.who.name;
    if (this.#fault === 'forgets') this.#disk = new MemoryDisk();
    if (!this.#disk.root.children.has(user)) this.#disk.root.children.set(user, newFolder());
    const lease = Symbol(user);
    this.leases.add(lease);
    const end = () => {
      if (this.#fault === 'ends others’ leases') this.leases.clear();
      else if (this.#fault !== 'keeps leases') this.leases.delete(lease);
    };
    return new MemoryStorage(
      this.#disk,
      user,
      end,
      () => this.leases.has(lease),
      (method) => !storage.readOnly || this.#isLoose(method),
    );
  }

  async bind(storage: StorageResource, call: Call): Promise<Bind> {
    this.#check(storage, call);
    const isMixed = this.#fault === 'mounts all users’ files for each' || call.who.kind === 'platform';
    const source = `/memory/${isMixed ? '' : call.who.name}`.replace(/\/$/, '');
    const isWritable = this.#fault === 'mounts read-only storages writable';
    return {
      source: this.#fault === 'gives relative paths' ? `.${source}` : source,
      target: '/storage',
      readOnly: storage.readOnly && !isWritable,
    };
  }

  #check(storage: StorageResource, call: Call): void {
    if (call.signal.aborted && this.#fault !== 'opens for who has left') throw new SteleError('UNREACHABLE', 'gone');
    const isMissing = storage.conf['base'] === 'nowhere' && this.#fault !== 'shows an empty folder where nothing is';
    if (isMissing) throw new SteleError('NOT_FOUND', 'nothing there');
  }

  #isLoose(method: string): boolean {
    if (method === 'copy') return this.#fault === 'copies in read-only storages';
    return method === 'write from' && this.#fault === 'writes to read-only storages in the middle of files';
  }
}

function subject(fault?: Fault): StorageBackendSubject {
  const backend = new MemoryBackend(fault);
  const storage: StorageResource = {
    id: 's1',
    name: 'Memory',
    backend: 'memory',
    access: 'api',
    auth: 'none',
    accessConf: {},
    conf: {},
    readOnly: false,
  };
  return {
    backend,
    storage,
    isPersonal: true,
    canBind: true,
    broken: { ...storage, conf: { base: 'nowhere' } },
    trees: memoryTrees(),
    count: () => ({ leases: backend.leases.size }),
  };
}

describe('kit of storage backends', function () {
  this.timeout(30_000);

  it('finds nothing wrong with a backend that keeps the contract', async () => {
    const results = await collect((runner) => describeStorageBackend(runner, subject()));
    assert(results.length > 60, `${results.length} tests`);
    assert.deepEqual(failures(results), []);
  });

  for (const [fault, test] of Object.entries(caught)) {
    it(`catches a backend that ${fault}`, async () => {
      const kit = (runner: Runner) => describeStorageBackend(runner, subject(fault as Fault));
      assert.notDeepEqual(failures(await collect(kit, { only: test })), []);
    });
  }
});
