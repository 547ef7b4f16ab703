import { AccessMethods, ComputingDrivers, InterfaceProtocols, StorageBackends } from '@stele/sdk';
import { join } from 'node:path';
import type { DependencyContainer } from 'tsyringe';
import { findViewer } from '../accounts/index.ts';
import { Computings, healthNotes } from '../computing/index.ts';
import { Computing, Software, Storage } from '../model/index.ts';
import { OwnedStore } from '../owned/index.ts';
import { Keyring, Registries } from '../registries/index.ts';
import { OwnAccounts, OwnCredentials } from '../remote/index.ts';
import { type Fence, noFence, soleTenures } from '../replicas/index.ts';
import { Softwares } from '../software/index.ts';
import { Stager, StagingPlanner } from '../staging/index.ts';
import { Storages } from '../storage/index.ts';
import {
  KeptStages,
  Launcher,
  LogArchive,
  Prober,
  Reconciler,
  type RoundParts,
  Settler,
  Submitter,
  TaskIndex,
  Tasks,
  TaskStore,
} from '../tasks/index.ts';
import { bind, type Get } from './bind.ts';
import { The } from './tokens.ts';

/** How software, computing, storage and tasks are made. */
export function bindConcerns(container: DependencyContainer): void {
  bindResources(container);
  bindTasks(container);
}

function bindResources(container: DependencyContainer): void {
  bind(container, The.softwares, (get) => {
    const store = new OwnedStore(get(The.database), Software, 'software', get(The.events));
    return new Softwares(store, get(The.host).registry(InterfaceProtocols));
  });
  bind(container, The.computings, (get) => {
    const store = new OwnedStore(get(The.database), Computing, 'computing', get(The.events));
    const host = get(The.host);
    return new Computings(
      store,
      host.registry(ComputingDrivers),
      host.registry(AccessMethods),
      get(The.secrets),
      healthNotes(get(The.database), get(The.events)),
      async () => (await get(The.keys).previous('platform')) !== undefined,
    );
  });
  bind(container, The.ownAccounts, (get) => {
    return new OwnAccounts(get(The.database), get(The.computings), get(The.keys));
  });
  bind(container, The.ownCredentials, (get) => {
    return new OwnCredentials({
      database: get(The.database),
      secrets: get(The.secrets),
      computings: get(The.computings),
      storages: get(The.storages),
    });
  });
  bind(container, The.registries, (get) => {
    return new Registries({ database: get(The.database), secrets: get(The.secrets) });
  });
  bind(container, The.keyring, (get) => new Keyring(get(The.database), get(The.secrets)));
  bind(container, The.storages, (get) => {
    const store = new OwnedStore(get(The.database), Storage, 'storage', get(The.events));
    const host = get(The.host);
    return new Storages({
      store,
      backends: host.registry(StorageBackends),
      methods: host.registry(AccessMethods),
      computings: get(The.computings),
      secrets: get(The.secrets),
      platforms: ownFiles(get),
    });
  });
}

/** What nobody gets to see as files: the key to all secrets, the database, what tasks have printed. */
function ownFiles(get: Get): readonly string[] {
  const names = ['secret.key', 'postgres', 'control.sock', 'control.json', 'stele.log'];
  return [...names.map((name) => join(get(The.dataDir), name)), get(The.logs)];
}

function bindTasks(container: DependencyContainer): void {
  bind(container, The.taskIndex, (get) => new TaskIndex(get(The.events)));
  bind(container, The.archive, (get) => new LogArchive(get(The.logs)));
  bind(container, The.taskStore, (get) => {
    const protocols = get(The.host).registry(InterfaceProtocols);
    return new TaskStore(get(The.database), get(The.events), protocols, get(The.replica).channel);
  });
  bind(
    container,
    The.settler,
    (get) => new Settler(get(The.taskStore), get(The.secrets), get(The.archive), logOf(get, 'tasks'), noFence),
  );
  bind(container, The.launcher, launcher);
  bind(container, The.reconciler, reconciler);
  bind(container, The.tasks, (get) => {
    return new Tasks({
      store: get(The.taskStore),
      launcher: get(The.launcher),
      reconciler: get(The.reconciler),
      settler: get(The.settler),
      archive: get(The.archive),
      computings: get(The.computings),
      secrets: get(The.secrets),
      keyring: get(The.keyring),
      log: logOf(get, 'tasks'),
    });
  });
}

const logOf = (get: Get, room: string) => get(The.log).child({ room });

function launcher(get: Get): Launcher {
  return new Launcher({
    softwares: get(The.softwares),
    computings: get(The.computings),
    storages: get(The.storages),
    keyring: get(The.keyring),
    registries: get(The.guardedRegistries),
    stagings: new StagingPlanner(get(The.storages), get(The.computings)),
    protocols: get(The.host).registry(InterfaceProtocols),
    store: get(The.taskStore),
    notices: get(The.notices),
    secrets: get(The.secrets),
    log: logOf(get, 'launch'),
  });
}

function reconciler(get: Get): Reconciler {
  const log = logOf(get, 'reconciler');
  const host = get(The.host);
  const store = get(The.taskStore);
  const { channel, leases } = get(The.replica);
  const prober = new Prober(host.registry(InterfaceProtocols), log);
  const roundParts = (fence: Fence): RoundParts => ({
    store: store.behind(fence),
    submitter: new Submitter({
      ...{ store: store.behind(fence), secrets: get(The.secrets), keyring: get(The.keyring), log, fence },
    }),
    prober,
    settler: new Settler(store.behind(fence), get(The.secrets), get(The.archive), log, fence),
    stager: new Stager({
      storages: get(The.storages),
      own: new KeptStages({ store, drivers: host.registry(ComputingDrivers), secrets: get(The.secrets), log }),
      store: store.behind(fence),
      viewerOf: (owner) => findViewer(get(The.database), owner),
      fence,
      log,
    }),
    drivers: host.registry(ComputingDrivers),
    secrets: get(The.secrets),
    keyring: get(The.keyring),
    fence,
    log,
  });
  const { store: computings, noteHealth } = get(The.computings);
  return new Reconciler({
    store,
    tenures: leases ?? soleTenures(() => store.busyComputings()),
    roundParts,
    events: { load: (id) => computings.find(id), health: noteHealth },
    askOthers: (computing) => channel.tell({ kind: 'poke', computing }),
    log,
  });
}
