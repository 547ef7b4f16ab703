import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { SiteFile } from '../../../core/server/src/site/index.ts';
import {
  ApiClient,
  type Engine,
  Platform,
  type PlatformOptions,
  Postgres,
  siteWith,
  TaskVisitor,
} from '../../e2e/lib/index.ts';
import type { Ledger } from './ledger.ts';
import { LedgerPlace } from './ledger-place.ts';

interface Parts {
  readonly postgres: Postgres;
  readonly place: LedgerPlace;
  readonly a: Platform;
  readonly b: Platform;
}

/** Two platforms on one PostgreSQL, and a resource that both can see. */
export class Pair implements AsyncDisposable {
  readonly postgres: Postgres;
  readonly ledger: Ledger;
  readonly a: Platform;
  readonly b: Platform;
  readonly #owned: AsyncDisposableStack;

  private constructor(parts: Parts, owned: AsyncDisposableStack) {
    this.postgres = parts.postgres;
    this.ledger = parts.place.ledger;
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
    const place = owned.use(await LedgerPlace.open());
    const site = siteOf(postgres, place, engine);
    const [a, b] = await startTwo({ site, ...(engine ? { engine } : {}) });
    owned.use(a);
    owned.use(b);
    return new Pair({ postgres, place, a, b }, owned.move());
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

function siteOf(postgres: Postgres, place: LedgerPlace, engine?: Engine): SiteFile {
  const machine = { name: 'This machine', driver: 'standalone', access: 'local', auth: 'none', conf: { grace: 2 } };
  return {
    ...(engine ? siteWith(engine) : {}),
    ...place.siteFile(engine ? [machine] : []),
    database: postgres.url,
    logs: join(place.folder, 'logs'),
  };
}
