import {
  type ComputingDriver,
  type FileTree,
  type InterfaceProtocol,
  type Observation,
  type Registry,
  SteleError,
} from '@stele/sdk';
import { EventBus } from '../events.ts';
import { Computing, type Database, ownerColumns, secretBox, type Task, User } from '../model/index.ts';
import { testLog } from '../model/testing.ts';
import { KeptStages } from './kept-stages.ts';
import { LogArchive } from './log-archive.ts';
import { Prober } from './prober.ts';
import { Reconciler } from './reconciler.ts';
import { Settler } from './settler.ts';
import { Submitter } from './submitter.ts';
import { Keyring } from '../registries/index.ts';
import { type Channel, type Fence, noFence, silence, soleTenures, type Tenures } from '../replicas/index.ts';
import { Stager } from '../staging/index.ts';
import { storagesOf } from '../staging/testing/index.ts';
import { TaskStore } from './task-store.ts';

/** What a resource of the test holds for one task. */
interface Held {
  state: Observation;
  log: string;
}

/**
 * A driver whose resource is a map: what the real ones can't be made to do on command. It outlives the platform of a
 * test as a real resource does.
 */
export class ScriptedResource {
  readonly held = new Map<string, Held>();
  readonly calls: string[] = [];
  /** Thrown by every call while set. */
  outage: Error | undefined;
  /** Called within `submit`, after the container exists. */
  onSubmitted: (key: string) => Promise<void> = async () => undefined;
  /** What a cancel makes of a task. */
  onCancel: (held: Held) => void = (held) => (held.state = { phase: 'ended', outcome: 'failed', exitCode: 143 });

  readonly driver: ComputingDriver = {
    title: 'Scripted',
    kind: 'standalone',
    accepts: [{ access: 'local', auth: ['none'] }],
    capabilities: { queues: false, extend: false, hold: false },
    conf: { type: 'object' },
    describe: async () => ({
      architectures: ['amd64'],
      emulated: [],
      engines: [{ id: 'e', runtimes: [] }],
      facts: [],
      detail: {},
    }),
    options: () => ({ type: 'object', additionalProperties: false }),
    preview: async () => ({ language: 'shell', text: '' }),
    submit: async (_resource, { key }, progress) => {
      this.#called('submit', key);
      progress('Working on it.');
      if (!this.held.has(key)) this.held.set(key, { state: { phase: 'running' }, log: `log of ${key}\n` });
      await this.onSubmitted(key);
      return `ref-${key}`;
    },
    observe: async (_resource, tasks) => {
      this.#called('observe', String(tasks.length));
      return new Map(tasks.map(({ key }) => [key, this.held.get(key)?.state ?? { phase: 'absent' as const }]));
    },
    cancel: async (_resource, { key }) => {
      this.#called('cancel', key);
      const held = this.held.get(key);
      if (held && held.state.phase !== 'ended') this.onCancel(held);
    },
    clean: async (_resource, { key }) => {
      this.#called('clean', key);
      this.held.delete(key);
    },
    logs: (_resource, { key }) => this.#logs(key),
    reach: async () => ({
      address: { host: '127.0.0.1', port: 1 },
      via: { isDirect: true, dial: () => Promise.reject(new SteleError('UNREACHABLE', 'nobody there')) },
    }),
  };

  count(call: string): number {
    return this.calls.filter((one) => one.startsWith(`${call} `)).length;
  }

  #called(call: string, what: string): void {
    this.calls.push(`${call} ${what}`);
    if (this.outage) throw this.outage;
  }

  async *#logs(key: string): AsyncIterable<Uint8Array> {
    this.#called('logs', key);
    const held = this.held.get(key);
    if (!held) throw new SteleError('NOT_FOUND', 'no log');
    yield Buffer.from(held.log);
  }
}

/** The part of a platform that looks after tasks; ending it is a crash as far as the database can tell. */
export interface TestPlatform extends AsyncDisposable {
  readonly store: TaskStore;
  readonly reconciler: Reconciler;
  readonly archive: LogArchive;
  readonly health: (string | undefined)[];
}

export async function startPlatform(
  database: Database,
  resource: ScriptedResource,
  logs: string,
  replica: {
    readonly tenures?: Tenures;
    readonly channel?: Channel;
    readonly trees?: Readonly<Record<string, FileTree>>;
  } = {},
): Promise<TestPlatform> {
  const protocols = registryOf<InterfaceProtocol>({ http: readyProtocol });
  const { channel = silence, trees = {} } = replica;
  const store = new TaskStore(database, new EventBus(), protocols, channel);
  const archive = new LogArchive(logs);
  const health: (string | undefined)[] = [];
  const drivers = registryOf<ComputingDriver>({ scripted: resource.driver });
  const roundParts = (fence: Fence) => ({
    store: store.behind(fence),
    submitter: submitterOf(database, store, fence),
    prober: new Prober(protocols, testLog),
    settler: new Settler(store.behind(fence), testBox, archive, testLog, fence),
    stager: new Stager({
      storages: storagesOf(trees),
      own: new KeptStages({ store, drivers, secrets: testBox, log: testLog }),
      store: store.behind(fence),
      viewerOf: async (id) => ({ id, username: 'a', role: 'standard', groups: [] }),
      fence,
      log: testLog,
    }),
    drivers,
    secrets: testBox,
    keyring: new Keyring(database, testBox),
    fence,
    log: testLog,
  });
  const reconciler = new Reconciler({
    store,
    tenures: replica.tenures ?? soleTenures(() => store.busyComputings()),
    roundParts,
    events: {
      load: async (id) => (await database.em().findOne(Computing, { id })) ?? undefined,
      health: async (_id, fault) => void health.push(fault?.reason),
    },
    askOthers: (computing) => channel.tell({ kind: 'poke', computing }),
    log: testLog,
  });
  await reconciler.start();
  return { store, reconciler, archive, health, [Symbol.asyncDispose]: () => reconciler.stop() };
}

export function submitterOf(database: Database, store: TaskStore, fence: Fence = noFence): Submitter {
  const keyring = new Keyring(database, testBox);
  return new Submitter({ store: store.behind(fence), secrets: testBox, keyring, log: testLog, fence });
}

export const testBox = secretBox('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c');

const readyProtocol: InterfaceProtocol = {
  title: 'Web',
  exposure: 'proxied',
  transports: ['tcp'],
  needsPowerUser: false,
  probe: async () => ({ isReady: true }),
};

export function registryOf<T>(items: Record<string, T>): Registry<T> {
  return {
    get: (id) => items[id],
    list: () => Object.entries(items).map(([id, item]) => ({ id, item, plugin: 'test' })),
    onChange: () => ({ [Symbol.dispose]: () => undefined }),
  };
}

/** A user and a resource of theirs to run tasks on. */
export async function makeScene(database: Database): Promise<{ user: User; computing: Computing }> {
  const em = database.em();
  const user = em.create(User, { email: 'a@example.org', name: 'A', username: 'a' } as never);
  const computing = em.create(Computing, {
    name: 'There',
    access: 'local',
    driver: 'scripted',
    ...ownerColumns({ kind: 'platform' }),
  } as never);
  await em.persist([user, computing]).flush();
  return { user, computing };
}

/** A row as a launch leaves it. */
export async function makeTask(
  platform: TestPlatform,
  scene: Awaited<ReturnType<typeof makeScene>>,
  key: string,
  parts: Partial<Task> = {},
): Promise<Task> {
  return platform.store.insert({
    key,
    name: key,
    owner: scene.user.id,
    softwareName: 'S',
    computing: scene.computing.id,
    computingName: 'There',
    launch: {
      image: { registry: 'localhost', repository: 's', tag: '1' },
      interface: { port: 80, protocol: 'http', transport: 'tcp' },
    },
    ...parts,
  } as never);
}
