import { ListOf, PluginItem, ResourceKinds, Strict, Ui } from '@stele/sdk/api';
import type {
  AccessMethod,
  ComputingDriver,
  ContainerEngine,
  InterfaceProtocol,
  Registry,
  StorageBackend,
} from '@stele/sdk';
import { grammar } from '@stele/sdk';
import { Type } from 'typebox';
import { hasRole, type Viewer } from '../../accounts/index.ts';
import type { Contribution, PluginHost, PluginInfo } from '../../host/index.ts';
import { type Route, route } from '../route.ts';

const params = Strict({ id: Type.String({ pattern: `^${grammar.id}$` }) });

/** The registries that the page asks about. */
export interface Kinds {
  readonly drivers: Registry<ComputingDriver>;
  readonly backends: Registry<StorageBackend>;
  readonly access: Registry<AccessMethod>;
  readonly engines: Registry<ContainerEngine>;
  readonly protocols: Registry<InterfaceProtocol>;
}

export function pluginRoutes(host: PluginHost, kinds: Kinds, siteName: string): Route[] {
  return [
    route({
      method: 'GET',
      path: '/ui',
      summary: 'What the page is made of',
      audience: 'user',
      answer: Ui,
      handle: async ({ viewer }) => ui(host.contributions(), viewer, siteName),
    }),
    route({
      method: 'GET',
      path: '/kinds',
      summary: 'Kinds of resources that the active plugins offer',
      audience: 'user',
      answer: ResourceKinds,
      handle: async () => offered(kinds),
    }),
    route({
      method: 'GET',
      path: '/plugins',
      summary: 'Every plugin that was found, and how it is',
      audience: 'admin',
      answer: ListOf(PluginItem),
      handle: async () => ({ items: host.list().map(pluginView) }),
    }),
    route({
      method: 'POST',
      path: '/plugins/:id/enable',
      summary: 'Enables a plugin, now and at the next start',
      audience: 'admin',
      params,
      answer: PluginItem,
      handle: async ({ params }) => {
        await host.enable(params.id);
        return one(host, params.id);
      },
    }),
    route({
      method: 'POST',
      path: '/plugins/:id/disable',
      summary: 'Disables a plugin and takes back what it brought',
      audience: 'admin',
      params,
      answer: PluginItem,
      handle: async ({ params }) => {
        await host.disable(params.id);
        return one(host, params.id);
      },
    }),
  ];
}

const one = (host: PluginHost, id: string): PluginItem =>
  pluginView(host.list().find((plugin) => plugin.id === id && !plugin.overriddenBy) as PluginInfo);

function pluginView({ id, title, version, source, state, code, reason, overriddenBy }: PluginInfo): PluginItem {
  return {
    ...{ id, title, version, source, state },
    ...(code ? { code } : {}),
    ...(reason ? { reason } : {}),
    ...(overriddenBy ? { overriddenBy: `${overriddenBy.source}: ${overriddenBy.path}` } : {}),
  };
}

/** Address of a plugin's web module; the hash makes every version an address of its own. */
export const moduleUrl = ({ plugin, hash, webModule }: Contribution): string =>
  `/assets/plugins/${plugin}/${hash}/${webModule}`;

/** Version of the whole page: changes when any panel comes, goes or changes. */
export const uiVersion = (contributions: readonly Contribution[]): string =>
  contributions.map(({ plugin, hash }) => `${plugin}-${hash.slice(0, 8)}`).join('.');

function ui(contributions: readonly Contribution[], viewer: Viewer, siteName: string): Ui {
  const panels = contributions.flatMap((contribution) =>
    contribution.panels
      .filter((panel) => hasRole(viewer, panel.role ?? 'standard'))
      .map((panel) => ({
        plugin: contribution.plugin,
        id: `${contribution.plugin}/${panel.id}`,
        slot: panel.slot,
        title: panel.title,
        icon: panel.icon ?? 'puzzle-piece',
        order: panel.order ?? 100,
        export: panel.export,
        module: moduleUrl(contribution),
      })),
  );
  return { site: { name: siteName }, panels, version: uiVersion(contributions) };
}

function offered(kinds: Kinds): ResourceKinds {
  const accepts = (rows: ComputingDriver['accepts']) => rows.map(({ access, auth }) => ({ access, auth: [...auth] }));
  return {
    drivers: hostsFirst(kinds.drivers.list()).map(({ id, item }) => {
      return {
        id,
        title: item.title,
        kind: item.kind,
        bringsEngine: item.capabilities.bringsEngine === true,
        accepts: accepts(item.accepts),
        conf: { ...item.conf },
        ...credentialsOf(item),
      };
    }),
    backends: kinds.backends.list().map(({ id, item }) => {
      return { id, title: item.title, accepts: accepts(item.accepts), conf: { ...item.conf }, ...credentialsOf(item) };
    }),
    access: kinds.access.list().map(({ id, item }) => ({ id, title: item.title, conf: { ...item.conf } })),
    engines: kinds.engines.list().map(({ id, item }) => {
      return { id, title: item.title, runtimes: [...item.capabilities.runtimes] };
    }),
    protocols: kinds.protocols.list().map(({ id, item }) => {
      return { id, title: item.title, exposure: item.exposure, needsPowerUser: item.needsPowerUser };
    }),
  };
}

/** What most begin with comes first. */
function hostsFirst<T extends { readonly item: Pick<ComputingDriver, 'kind' | 'title'> }>(drivers: readonly T[]): T[] {
  const rank = ({ item }: T): string => `${item.kind === 'standalone' ? 0 : 1}${item.title}`;
  return drivers.toSorted((one, other) => rank(one).localeCompare(rank(other)));
}

function credentialsOf({ credentials }: Pick<StorageBackend, 'credentials'>) {
  return credentials ? { credentials: { ...credentials } } : {};
}
