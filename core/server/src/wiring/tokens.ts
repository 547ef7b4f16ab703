import { token } from '@stele/sdk';
import type { Accounts } from '../accounts/index.ts';
import type { StoredCallbacks } from '../callbacks/index.ts';
import type { Computings } from '../computing/index.ts';
import type { EventBus } from '../events.ts';
import type { HostLogger, PluginHost } from '../host/index.ts';
import type { Database, SecretBox } from '../model/index.ts';
import type { KeyPairs, OwnAccounts, OwnCredentials } from '../remote/index.ts';
import type { GuardedRegistries, Keyring, Registries } from '../registries/index.ts';
import type { Notices } from '../notices/index.ts';
import type { Softwares } from '../software/index.ts';
import type { Storages } from '../storage/index.ts';
import type { Launcher, LogArchive, Reconciler, Settler, TaskIndex, Tasks, TaskStore } from '../tasks/index.ts';
import type { Replica } from './replica.ts';

/** Names of the core's own objects. */
export const The = {
  log: token<HostLogger>('server.log'),
  dataDir: token<string>('server.data-dir'),
  /** Folder of what ended tasks printed. */
  logs: token<string>('server.logs'),
  database: token<Database>('server.database'),
  secrets: token<SecretBox>('server.secrets'),
  accounts: token<Accounts>('server.accounts'),
  keys: token<KeyPairs>('server.keys'),
  ownAccounts: token<OwnAccounts>('server.own-accounts'),
  ownCredentials: token<OwnCredentials>('server.own-credentials'),
  registries: token<Registries>('server.registries'),
  keyring: token<Keyring>('server.keyring'),
  guardedRegistries: token<GuardedRegistries>('server.guarded-registries'),
  events: token<EventBus>('server.events'),
  callbacks: token<StoredCallbacks>('server.callbacks'),
  /** Public origin, once it is known where it listens. */
  origin: token<() => string>('server.origin'),
  host: token<PluginHost>('server.host'),
  replica: token<Replica>('server.replica'),
  softwares: token<Softwares>('server.softwares'),
  computings: token<Computings>('server.computings'),
  storages: token<Storages>('server.storages'),
  notices: token<Notices>('server.notices'),
  taskStore: token<TaskStore>('server.task-store'),
  taskIndex: token<TaskIndex>('server.task-index'),
  archive: token<LogArchive>('server.log-archive'),
  launcher: token<Launcher>('server.launcher'),
  settler: token<Settler>('server.settler'),
  reconciler: token<Reconciler>('server.reconciler'),
  tasks: token<Tasks>('server.tasks'),
} as const;
