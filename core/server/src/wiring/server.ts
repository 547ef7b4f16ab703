import { createServer, type Server } from 'node:http';
import { resolve } from 'node:path';
import { SteleError } from '@stele/sdk';
import type { DependencyContainer } from 'tsyringe';
import { Accounts } from '../accounts/index.ts';
import { StoredCallbacks } from '../callbacks/index.ts';
import { ControlSocket, controlAnswers } from '../control/index.ts';
import type { Declarations } from '../declared/index.ts';
import { EventBus } from '../events.ts';
import { share } from '../gateway/index.ts';
import type { HostLogger } from '../host/index.ts';
import { uiVersion } from '../http/index.ts';
import { openDatabaseAt, openSecretBox } from '../model/index.ts';
import type { DatabasePlace } from '../postgres/index.ts';
import { GuardedRegistries } from '../registries/index.ts';
import { KeyPairs } from '../remote/index.ts';
import { SharedTickets } from '../replicas/index.ts';
import { defaultHost, defaultPort, type Site, withData } from '../site/index.ts';
import { put, take } from './bind.ts';
import { bindConcerns } from './concerns.ts';
import { makeDeclared } from './declared.ts';
import { makeGateway, makeTunnels } from './entrance.ts';
import { putNotices, startPostman } from './mail.ts';
import { mayHaveReplicas, openReplica } from './replica.ts';
import { makePluginHost } from './plugins.ts';
import { relay } from './relay.ts';
import { gatewayMode, siteAddress, siteHost, tunnelPlace } from './site-address.ts';
import { The } from './tokens.ts';
import { logInUrl, makeWeb } from './web.ts';

/** What a platform is started with. */
export interface ServerOptions {
  readonly site: Site;
  /** Where everything that has to survive is kept. Made when it is missing. */
  readonly dataDir: string;
  /** Wins over the site's. 0 picks a free one. */
  readonly port?: number;
  /** Folder of the plugins that come with Stele. */
  readonly builtIn: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: HostLogger;
}

/** A platform that serves. Disposing ends it: tasks go on. */
export interface RunningServer extends AsyncDisposable {
  /** Public origin. */
  readonly url: string;
  /** A one-time log-in link for a user; for the administrator, made on first use, when none is named. */
  logInLink(email?: string): Promise<string>;
}

const sweepPeriod = 10 * 60_000;
const version = '1.0.0';

/**
 * Starts a platform; whatever fails on the way, everything begun before is ended again.
 * @param place where its database is; goes with the platform
 * @param containers two empty ones: for the core's objects, and as the parent of the plugins' (which holds values only)
 */
export async function startPlatform(
  options: ServerOptions,
  place: DatabasePlace,
  containers: { readonly core: DependencyContainer; readonly plugins: DependencyContainer },
): Promise<RunningServer> {
  await using owned = new AsyncDisposableStack();
  const { core } = containers;
  await openModel(options, place, core, owned);
  await startPlugins(options, containers, owned);
  bindConcerns(core);
  const server = await serve(options, core, owned);
  const url = siteAddress(options.site.file.site ?? {}, portOf(server)).origin;
  const logInLink = async (email?: string): Promise<string> =>
    logInUrl(url, await newLink(take(core, The.accounts), email));
  owned.use(await ControlSocket.open(options.dataDir, controlAnswers({ host: take(core, The.host), logInLink })));
  await startTasks(options, core, owned);
  const taskPage = (key: string): string => `${url}/tasks?open=${key}`;
  owned.use(startPostman(options.site, core, taskPage, options.log.child({ room: 'notices' })));
  // Before all the rest, which they would ask.
  owned.defer(() => endConnections(server));
  const all = owned.move();
  return { url, logInLink, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function openModel(
  { site, dataDir, environment, log }: ServerOptions,
  place: DatabasePlace,
  core: DependencyContainer,
  owned: AsyncDisposableStack,
): Promise<void> {
  const database = owned.use(await openDatabaseAt(place, log.child({ room: 'model' })));
  put(core, The.log, log);
  put(core, The.dataDir, dataDir);
  put(core, The.logs, resolve(site.folder, withData(site.file.logs ?? '${data}/logs', dataDir)));
  put(core, The.database, database);
  const secrets = await openSecretBox(dataDir, environment);
  put(core, The.secrets, secrets);
  const hasReplicas = mayHaveReplicas(site);
  const accounts = new Accounts({ database, secrets, hasReplicas, log: log.child({ room: 'accounts' }) });
  const keys = site.file.site ?? {};
  put(core, The.keys, new KeyPairs({ database, secrets, site: siteHost(keys) }));
  const { userRegistries: allowed = [] } = keys;
  put(core, The.guardedRegistries, new GuardedRegistries({ database, allowed, own: siteHost(keys) }));
  put(core, The.accounts, accounts);
  put(core, The.events, new EventBus());
  putNotices(site, core);
  await openReplica(site, core, owned, log.child({ room: 'replicas' }));
  const sweep = setInterval(
    () => void accounts.sweep().catch((error: unknown) => log.warn('sweep failed', { error })),
    sweepPeriod,
  );
  owned.defer(() => clearInterval(sweep));
}

async function startPlugins(
  { site, builtIn, environment, log }: ServerOptions,
  { core, plugins }: { readonly core: DependencyContainer; readonly plugins: DependencyContainer },
  owned: AsyncDisposableStack,
): Promise<void> {
  const database = take(core, The.database);
  const [keys, secrets] = [take(core, The.keys), take(core, The.secrets)];
  const events = take(core, The.events);
  const { channel } = take(core, The.replica);
  const callbacks = new StoredCallbacks({ database, secrets, origin: () => take(core, The.origin)() });
  put(core, The.callbacks, callbacks);
  const host = makePluginHost({
    site,
    builtIn,
    database,
    keys,
    secrets,
    callbacks,
    channel,
    container: plugins,
    environment,
    log,
  });
  owned.defer(() => host.stop());
  put(core, The.host, host);
  await host.start();
  host.onChange(({ id, state }) => {
    events.publish('plugin', { id, state });
    if (state !== 'activating' && state !== 'deactivating')
      events.publish('ui', { version: uiVersion(host.contributions()) });
  });
}

async function serve(options: ServerOptions, core: DependencyContainer, owned: AsyncDisposableStack): Promise<Server> {
  const keys = options.site.file.site ?? {};
  const server = createServer();
  const address = onceListening(server, (port) => siteAddress(keys, port));
  put(core, The.origin, () => address().origin);
  const trustedProxies = keys.trustedProxies ?? [];
  const parts = {
    mode: gatewayMode(keys, () => portOf(server)),
    origin: () => address().origin,
    accounts: take(core, The.accounts),
    tasks: take(core, The.tasks),
    index: take(core, The.taskIndex),
    host: take(core, The.host),
    secrets: take(core, The.secrets),
    // A browser may be led to another replica than the one that it asked.
    ...(take(core, The.replica).leases ? { tickets: new SharedTickets(take(core, The.database)) } : {}),
    trustedProxies,
    log: options.log.child({ room: 'gateway' }),
  };
  const gateway = owned.use(makeGateway(parts));
  const tunnels = owned.use(makeTunnels(parts, tunnelPlace(keys)));
  const web = makeWeb({
    container: core,
    gateway,
    tunnels,
    address,
    siteName: keys.name ?? 'Stele',
    trustedProxies,
    version,
  });
  share(server, gateway, web.callback());
  await listen(server, options.port ?? keys.port ?? defaultPort, keys.listen ?? defaultHost);
  owned.defer(() => endConnections(server));
  return server;
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen(cause, port)));
    server.listen(port, host, resolve);
  });
}

function cannotListen(cause: NodeJS.ErrnoException, port: number): SteleError {
  if (cause.code === 'EADDRINUSE') {
    return new SteleError('CONFLICT', `Port ${port} is taken. Choose another with --port.`, { field: 'port', cause });
  }
  return new SteleError('DENIED', `Stele can’t listen on port ${port}: ${cause.message}`, { field: 'port', cause });
}

/** What follows from the port, which stays as it is once the server listens: each request asks for it several times. */
function onceListening<T>(server: Server, of: (port: number) => T): () => T {
  let known: T | undefined;
  return () => {
    if (!server.listening) return of(0);
    return (known ??= of(portOf(server)));
  };
}

const portOf = (server: Server): number => (server.address() as { port: number } | null)?.port ?? 0;

async function endConnections(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Declared resources first, then everything that an earlier process left. */
async function startTasks(
  options: ServerOptions,
  core: DependencyContainer,
  owned: AsyncDisposableStack,
): Promise<void> {
  const { site, dataDir, log } = options;
  const declared = makeDeclared(options, core);
  await declared.apply(withData(site.file.resources ?? {}, dataDir) as unknown as Declarations);
  const index = owned.use(take(core, The.taskIndex));
  const store = take(core, The.taskStore);
  for (const row of await store.live()) index.put(store.view(row));
  const reconciler = take(core, The.reconciler);
  owned.use(relay(core, log.child({ room: 'replicas' })));
  owned.defer(() => reconciler.stop());
  await reconciler.start();
  const host = take(core, The.host);
  const computings = take(core, The.computings);
  owned.use(
    host.onChange(() => {
      computings.forgetDescriptions();
      reconciler.pokeAll();
    }),
  );
}

async function newLink(accounts: Accounts, email: string | undefined): Promise<string> {
  const user = await userFor(accounts, email);
  return (await accounts.links.create(user.id)).secret;
}

async function userFor(accounts: Accounts, email: string | undefined) {
  if (email === undefined) return accounts.users.firstAdmin('admin@localhost', 'Administrator');
  const user = await accounts.users.findByEmail(email);
  if (user) return user;
  throw new SteleError('NOT_FOUND', `Nobody here has the e-mail address ${email}.`, { field: 'email' });
}
