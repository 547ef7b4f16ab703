import type { SiteFile } from '../../../core/server/src/site/index.ts';
import { Engine, type ImageName } from './engine.ts';
import { Platform } from './platform.ts';
import { Postgres } from './postgres.ts';
import { siteWith } from './site.ts';

/** Where a scenario takes place. */
export interface Setting {
  readonly engine: Engine['id'];
  readonly database: 'embedded' | 'postgresql';
  readonly images: readonly ImageName[];
  readonly site?: Partial<SiteFile>;
}

/** A platform in its setting; what it needs ends with it. */
export class Stage implements AsyncDisposable {
  readonly engine: Engine;
  readonly platform: Platform;
  readonly #owned: AsyncDisposableStack;

  private constructor(engine: Engine, platform: Platform, owned: AsyncDisposableStack) {
    this.engine = engine;
    this.platform = platform;
    this.#owned = owned;
  }

  /** The stage, or why it can't be built on this machine. */
  static async open({ engine: id, database, images, site = {} }: Setting): Promise<Stage | string> {
    await using owned = new AsyncDisposableStack();
    const engine = await Engine.open(id, ...images);
    if (typeof engine === 'string') return engine;
    const postgres = database === 'postgresql' ? await Postgres.open() : undefined;
    if (typeof postgres === 'string') return postgres;
    if (postgres !== undefined) owned.use(postgres);
    const file = siteWith(engine, { ...site, ...(postgres === undefined ? {} : { database: postgres.url }) });
    const platform = owned.use(await Platform.start({ site: file, engine }));
    return new Stage(engine, platform, owned.move());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }
}
