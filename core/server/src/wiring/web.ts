import {
  AccessMethods,
  AuthProviders,
  ComputingDrivers,
  ContainerEngines,
  InterfaceProtocols,
  StorageBackends,
} from '@stele/sdk';
import type Koa from 'koa';
import type { Context } from 'koa';
import type { DependencyContainer } from 'tsyringe';
import { ClientAddresses, type Gateway, type Tunnels } from '../gateway/index.ts';
import type { PluginHost } from '../host/index.ts';
import {
  type Authenticate,
  type Authenticated,
  accountRoutes,
  apiRouter,
  authenticator,
  callbackRoutes,
  computingRoutes,
  createApp,
  eventRoutes,
  fileRoutes,
  groupRoutes,
  healthRoom,
  HttpError,
  identityRoutes,
  keyRoutes,
  type Kinds,
  noticeRoutes,
  openapi,
  pageRoom,
  pluginCalls,
  pluginRoutes,
  refuseForgery,
  refuseReader,
  credentialRoutes,
  registryRoutes,
  remoteAccountRoutes,
  type Route,
  route,
  type SessionParts,
  type SiteAddress,
  sessionRoutes,
  softwareRoutes,
  storageRoutes,
  taskRoutes,
  userRoutes,
} from '../http/index.ts';
import { callFor, identityOf } from '../tasks/index.ts';
import { take } from './bind.ts';
import { connector } from './entrance.ts';
import { listenerOf } from './listeners.ts';
import { The } from './tokens.ts';

/** What the web side needs to know of the site. */
export interface WebInput {
  readonly container: DependencyContainer;
  readonly gateway: Gateway;
  readonly tunnels: Tunnels;
  readonly address: () => SiteAddress;
  readonly siteName: string;
  readonly trustedProxies: readonly string[];
  readonly version: string;
}

/** The Koa application: the API, the plugins' own routes, and the page. */
export function makeWeb(input: WebInput): Koa {
  const { container, address, siteName } = input;
  const log = take(container, The.log).child({ room: 'http' });
  const host = take(container, The.host);
  const database = take(container, The.database);
  const authenticate = authenticator(take(container, The.accounts));
  const router = apiRouter(allRoutes(input), authenticate, () => address().origin);
  return createApp(address, log, [
    healthRoom(() => database.health()),
    // Before the plugins' own routes: no plugin stands in for the one that disables it.
    router.routes() as Koa.Middleware,
    pluginCalls(
      (id) => host.handler(id),
      admit(authenticate, address),
      listenerOf(take(container, The.accounts), database),
      log,
    ),
    pageRoom(siteName, () => host.contributions()),
  ]);
}

function allRoutes(input: WebInput): Route[] {
  const routes = [...peopleRoutes(input), ...resourceRoutes(input), ...pageRoutes(input)];
  return [...routes, descriptionRoute(routes, input.version)];
}

function peopleRoutes({ container, address, trustedProxies }: WebInput): Route[] {
  const log = take(container, The.log).child({ room: 'accounts' });
  const parts: SessionParts = {
    accounts: take(container, The.accounts),
    providers: take(container, The.host).registry(AuthProviders),
    call: (viewer, signal) => callFor(identityOf(viewer), log, signal),
    log,
    addressOf: clientsOf(trustedProxies),
    callback: (provider) => `${address().origin}/login/${encodeURIComponent(provider)}`,
    home: () => `${address().origin}/`,
  };
  const linkUrl = (secret: string): string => logInUrl(address().origin, secret);
  return [
    ...[
      ...sessionRoutes(parts),
      ...accountRoutes(parts),
      ...identityRoutes(parts),
      ...userRoutes(parts, linkUrl),
      ...groupRoutes(parts),
    ],
    ...keyRoutes(take(container, The.keys)),
    ...noticeRoutes(take(container, The.notices)),
    ...credentialRoutes(take(container, The.ownCredentials)),
    ...registryRoutes(take(container, The.registries), take(container, The.database)),
    ...remoteAccountRoutes(take(container, The.ownAccounts), (viewer, signal) => {
      return callFor(identityOf(viewer), log, signal, checkLimit);
    }),
  ];
}

/** Milliseconds that a host has to let somebody in. */
const checkLimit = 20_000;

/** The secret is in the fragment, which no server and no log sees. */
export const logInUrl = (origin: string, secret: string): string => `${origin}/login#link=${secret}`;

/** The nearest address that isn't a declared proxy's. */
function clientsOf(trustedProxies: readonly string[]): (koa: Context) => string {
  const clients = new ClientAddresses(trustedProxies);
  return (koa) => clients.of(koa.req.socket.remoteAddress, koa.get('X-Forwarded-For') || undefined);
}

function resourceRoutes({ container, gateway, tunnels, trustedProxies }: WebInput): Route[] {
  const database = take(container, The.database);
  const accounts = take(container, The.accounts);
  const tasks = take(container, The.tasks);
  const storages = take(container, The.storages);
  const protocols = take(container, The.host).registry(InterfaceProtocols);
  const log = take(container, The.log).child({ room: 'storages' });
  const listener = listenerOf(accounts, database);
  return [
    ...softwareRoutes(take(container, The.softwares), database),
    ...computingRoutes(take(container, The.computings), take(container, The.tasks), database),
    ...callbackRoutes({
      callbacks: take(container, The.callbacks),
      addressOf: clientsOf(trustedProxies),
      look: (computing) => take(container, The.reconciler).poke(computing),
    }),
    ...storageRoutes(storages, database, (viewer, signal) => {
      return callFor(identityOf(viewer), log, signal, checkLimit);
    }),
    ...fileRoutes(storages, listener, take(container, The.log).child({ room: 'files' })),
    ...taskRoutes(tasks, connector({ gateway, tunnels, tasks, accounts, protocols }), listener),
  ];
}

function pageRoutes({ container, siteName }: WebInput): Route[] {
  const host = take(container, The.host);
  const listener = listenerOf(take(container, The.accounts), take(container, The.database));
  return [...pluginRoutes(host, kindsOf(host), siteName), ...eventRoutes(take(container, The.events), listener)];
}

function kindsOf(host: PluginHost): Kinds {
  return {
    drivers: host.registry(ComputingDrivers),
    backends: host.registry(StorageBackends),
    access: host.registry(AccessMethods),
    engines: host.registry(ContainerEngines),
    protocols: host.registry(InterfaceProtocols),
  };
}

function descriptionRoute(routes: readonly Route[], version: string): Route {
  const self: Route = route({
    method: 'GET',
    path: '/openapi.json',
    summary: 'This description',
    audience: 'anyone',
    media: { type: 'application/json', statuses: [200] },
    handle: async ({ koa }) => {
      koa.type = 'application/json';
      koa.body = description;
    },
  });
  const description = JSON.stringify(openapi([...routes, self], version));
  return self;
}

/** Plugins' routes are for people who are logged in, and guarded like the API's own. */
function admit(authenticate: Authenticate, address: () => SiteAddress) {
  return async (koa: Context): Promise<Authenticated> => {
    const who = await authenticate(koa as never);
    if (!who) throw new HttpError('UNAUTHENTICATED', 'Log in first.');
    refuseForgery(koa, who, address().origin);
    if (koa.method !== 'GET' && koa.method !== 'HEAD') refuseReader(who);
    return who;
  };
}
