import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { SiteFile } from '../../../core/server/src/site/index.ts';
import {
  ApiClient,
  type Engine,
  Platform,
  type PlatformOptions,
  Postgres,
  root,
  siteWith,
  TaskVisitor,
  Yard,
} from '../../e2e/lib/index.ts';
import { Ledger } from './ledger.ts';

const flags = { customPort: true, interfaceAuth: false, fixedUser: false };

/** Two platforms on one PostgreSQL, and a resource that both can see. */
export class Pair implements AsyncDisposable {
  readonly postgres: Postgres;
  readonly ledger: Ledger;
  readonly yard: Yard;
  readonly a: Platform;
  readonly b: Platform;
  readonly #owned: AsyncDisposableStack;

  private constructor(parts: Pick<Pair, 'postgres' | 'ledger' | 'yard' | 'a' | 'b'>, owned: AsyncDisposableStack) {
    this.postgres = parts.postgres;
    this.ledger = parts.ledger;
    this.yard = parts.yard;
    this.a = parts.a;
    this.b = parts.b;
    this.#owned = owned;
  }

  /** The pair, or why this machine can't have it. Both start at the same moment, on an empty database. */
  static async open(engine?: Engine): Promise<Pair | string> {
    await using owned = new AsyncDisposableStack();
    const postgres = await Postgres.open();
    if (typeof postgres === 'string') return postgres;
    owned.use(postgres);
    const yard = owned.use(await Yard.open());
    const ledger = await Ledger.make(await yard.folder('place'));
    const web = owned.use(await openWeb());
    const site = siteOf(postgres, yard, ledger, web.port, engine);
    const [a, b] = await startTwo({ site, ...(engine ? { engine } : {}) });
    owned.use(a);
    owned.use(b);
    return new Pair({ postgres, ledger, yard, a, b }, owned.move());
  }

  /** The same session at another replica. */
  at(platform: Platform, client: ApiClient): ApiClient {
    return sessionAt(platform, client);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }
}

/** Two replicas that start at the same moment: on the database that `site` names. */
export function startTwo(options: PlatformOptions): Promise<[Platform, Platform]> {
  const environment = { STELE_SECRET_KEY: randomBytes(32).toString('base64') };
  const start = (): Promise<Platform> => Platform.start({ environment, ...options });
  return Promise.all([start(), start()]);
}

/** The same session at another replica, as behind a balancer. */
export function sessionAt(platform: Platform, client: ApiClient): ApiClient {
  return new ApiClient(platform.url, { ...client.headers, Origin: platform.url });
}

/** Whoever was let into a task at one replica, on their way in at another. */
export function visitorAt(platform: Platform, visitor: TaskVisitor): TaskVisitor {
  const origin = new URL(visitor.origin);
  origin.port = `${platform.port}`;
  return new TaskVisitor(origin, visitor.cookie);
}

/** What every task of the ledger answers with. */
export async function openWeb(): Promise<AsyncDisposable & { readonly port: number }> {
  const server: Server = createServer((_request, response) => response.end('the application'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  };
}

function siteOf(postgres: Postgres, yard: Yard, ledger: Ledger, port: number, engine?: Engine): SiteFile {
  const base: SiteFile = engine ? siteWith(engine) : {};
  const conf = { folder: ledger.folder, port };
  return {
    ...base,
    database: postgres.url,
    logs: join(yard.path, 'logs'),
    pluginFolders: { development: [join(root, 'test/replicas/fixtures/plugins')] },
    resources: {
      computing: [
        ...(engine
          ? [{ name: 'This machine', driver: 'standalone', access: 'local', auth: 'none', conf: { grace: 2 } }]
          : []),
        { name: 'Place', driver: 'ledger', access: 'local', auth: 'none', conf },
      ],
      software: [
        { name: 'Echo', registry: 'localhost', image: 'stele/web-echo', tag: '1', port: 8080, protocol: 'http', flags },
      ],
      storages: [],
    } as never,
  };
}
