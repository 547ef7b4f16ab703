import { isAbsolute, join } from 'node:path';
import { readAgent } from '@stele/agent';
import {
  AccessMethods,
  Agent,
  Callbacks,
  ComputingDrivers,
  ContainerEngines,
  Credentials,
  DirectDial,
  Engines,
  Hosts,
  RemoteAccounts,
  StorageBackends,
  Store,
} from '@stele/sdk';
import type { DependencyContainer } from 'tsyringe';
import type { StoredCallbacks } from '../callbacks/index.ts';
import { AccessHosts, GuardedResources } from '../computing/index.ts';
import { DirectDialer } from '../network/index.ts';
import { namedFolder, PluginHost, type PluginFolder, type PluginSection } from '../host/index.ts';
import type { Database, PluginStates, SecretBox } from '../model/index.ts';
import { type KeyPairs, type SchemasOf, StoredAccounts, StoredCredentials } from '../remote/index.ts';
import type { Channel } from '../replicas/index.ts';
import type { Site } from '../site/index.ts';
import type { HostLogger } from '../host/index.ts';

/** What the plugin host is made from. */
export interface PluginsInput {
  readonly site: Site;
  /** Folder of the plugins that come with Stele. */
  readonly builtIn: string;
  readonly database: Database;
  readonly keys: KeyPairs;
  readonly secrets: SecretBox;
  readonly callbacks: StoredCallbacks;
  readonly channel: Channel;
  /** Parent of the plugins' containers: holds nothing but values. */
  readonly container: DependencyContainer;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: HostLogger;
}

/** The plugin host with the services that the core offers to plugins. */
export function makePluginHost(input: PluginsInput): PluginHost {
  const { site, builtIn, database, keys, secrets, callbacks, channel, container, environment, log } = input;
  const agent = readAgent();
  const guarded = new GuardedResources(database);
  const isGuarded = (id: string) => guarded.has(id);
  const host: PluginHost = new PluginHost({
    folders: pluginFolders(site, builtIn),
    services: [
      { token: DirectDial, for: () => new DirectDialer() },
      { token: Hosts, for: () => new AccessHosts(host.registry(AccessMethods), isGuarded) },
      { token: Engines, for: () => host.registry(ContainerEngines) },
      { token: RemoteAccounts, for: () => new StoredAccounts(database, keys) },
      { token: Credentials, for: () => new StoredCredentials(database, secrets, schemasOf(host)) },
      { token: Callbacks, for: (plugin) => callbacks.of(plugin) },
      { token: Agent, for: () => agent },
      { token: Store, for: (plugin) => database.pluginStore(plugin) },
    ],
    settings: settingsById(site),
    environment,
    state: toldStates(database.pluginStates(), channel),
    container,
    log: log.child({ room: 'host' }),
  });
  return host;
}

function schemasOf(host: PluginHost): SchemasOf {
  return (resource) => {
    const accessConf = host.registry(AccessMethods).get(resource.access)?.conf;
    const kind =
      'driver' in resource
        ? host.registry(ComputingDrivers).get(resource.driver)
        : host.registry(StorageBackends).get(resource.backend);
    return { accessConf, conf: kind?.conf };
  };
}

/** What an administrator switches here is switched in the other replicas, too. */
function toldStates(states: PluginStates, channel: Channel): PluginStates {
  return {
    load: () => states.load(),
    save: async (id, state) => {
      await states.save(id, state);
      channel.tell({ kind: 'plugins' });
    },
  };
}

/** Where plugins are looked for: the four places, in the order of who wins. */
export function pluginFolders(site: Site, builtIn: string): PluginFolder[] {
  const { development = [], site: own = [] } = site.file.pluginFolders ?? {};
  const absolute = (path: string): string => (isAbsolute(path) ? path : join(site.folder, path));
  return [
    ...development.map((path): PluginFolder => ({ kind: 'development', path: absolute(path) })),
    ...own.map((path): PluginFolder => ({ kind: 'site', path: absolute(path) })),
    ...named(site),
    { kind: 'built-in', path: builtIn },
  ];
}

/** Keys of the site file's `plugins` that are paths or package names. One that is neither, and no plugin's id, shows in the list of plugins. */
function named(site: Site): PluginFolder[] {
  return Object.keys(site.file.plugins ?? {}).flatMap((name): PluginFolder[] => {
    const path = namedFolder(name, site.folder);
    return path === undefined ? [] : [{ kind: 'named', path, name }];
  });
}

function settingsById(site: Site): Record<string, PluginSection | null> {
  return (site.file.plugins ?? {}) as Record<string, PluginSection | null>;
}
