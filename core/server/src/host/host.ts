import { type ExtensionPoint, type Registry, type RouteHandler, SteleError } from '@stele/sdk';
import { pathsOf, splitSecrets } from '../schema/index.ts';
import type { Surroundings } from './activation.ts';
import { readCatalogue, reread } from './catalogue.ts';
import { configure } from './configuration.ts';
import { CoreServices } from './core-services.ts';
import { asFailure } from './failure.ts';
import { strangers } from './inspect.ts';
import { prepare } from './prepare.ts';
import { Queue } from './queue.ts';
import { Reconciler } from './reconciler.ts';
import { PluginRecord } from './record.ts';
import { Registries } from './registries.ts';
import { resolveForPlugins } from './resolver.ts';
import type { Contribution, HostChange, HostOptions, PluginInfo, PluginSettings } from './types.ts';

const defaultLimit = 10_000;

/** Finds plugins, checks them, and keeps those active that can be. */
export class PluginHost {
  readonly #options: HostOptions;
  readonly #surroundings: Surroundings;
  readonly #queue = new Queue();
  readonly #stopping = new AbortController();
  readonly #listeners = new Set<(change: HostChange) => void>();
  readonly #roots = new Set<string>();
  readonly #records = new Map<string, PluginRecord>();
  /** Listed only: losers of a clash, and folders whose manifest doesn't even tell an id. */
  #others: readonly PluginRecord[] = [];
  readonly #reconciler: Reconciler;
  #resolver: Disposable | undefined;

  constructor(options: HostOptions) {
    this.#options = options;
    this.#surroundings = {
      core: new CoreServices(options.services),
      registries: new Registries(options.log),
      container: options.container,
      log: options.log,
      limit: options.activationLimit ?? defaultLimit,
    };
    this.#reconciler = new Reconciler(this.#records, this.#surroundings, (record) => this.#tell(record));
  }

  /** Discovers and activates. A plugin that fails is in the list with the reason, and no error here. */
  async start(): Promise<void> {
    await this.#change(async () => {
      if (this.#resolver) throw new SteleError('CONFLICT', 'The plugin host runs already.');
      this.#resolver = resolveForPlugins(this.#roots);
      await this.#readPlugins();
      const { limit } = this.#surroundings;
      await Promise.all([...this.#records.values()].map((record) => prepare(record, limit)));
      await this.#reconciler.settle(this.#stopping.signal);
    });
  }

  /** Deactivates everything, dependents first. Also ends a start that is under way. For good. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('The plugin host is stopping'));
    await this.#queue.run(async () => {
      await this.#reconciler.takeAllDown();
      this.#resolver?.[Symbol.dispose]();
      this.#listeners.clear();
    });
  }

  list(): readonly PluginInfo[] {
    return [...this.#records.values(), ...this.#others].map((record) => record.info());
  }

  get(id: string): PluginInfo | undefined {
    return this.#records.get(id)?.info();
  }

  /**
   * Enables a plugin and activates it and all who waited for it. One that failed gets another try, its manifest read
   * anew; code that was loaded stays as it is until the process restarts. That it fails again is in the answer.
   * @throws NOT_FOUND; CONFLICT when the site file forbids it
   */
  async enable(id: string): Promise<PluginInfo> {
    return this.#switch(id, true);
  }

  /** Deactivates a plugin, after all who depend on it. Throws as {@link enable}. */
  async disable(id: string): Promise<PluginInfo> {
    return this.#switch(id, false);
  }

  /** Follows what was chosen elsewhere: by another process on the same database. */
  async refresh(): Promise<void> {
    await this.#change(async () => {
      const stored = await this.#options.state.load();
      for (const record of this.#records.values()) {
        const isEnabled = wanted(record, stored[record.id]?.enabled);
        if (record.enabled !== isEnabled) await this.#put(record, isEnabled);
      }
      await this.#reconciler.settle(this.#stopping.signal);
    });
  }

  /** The settings in force, fit to be shown. `undefined` for a plugin that isn't there or is wrong. */
  settings(id: string): PluginSettings | undefined {
    const { manifest, settings, configuration } = this.#records.get(id) ?? {};
    if (!manifest || !configuration) return undefined;
    const { open, paths } = splitSecrets(manifest.schema, settings ?? {});
    return {
      schema: manifest.schema,
      values: open,
      secrets: paths,
      locked: pathsOf(configuration.locked),
    };
  }

  registry<T>(point: ExtensionPoint<T>): Registry<T> {
    return this.#surroundings.registries.view(point);
  }

  /** The route handler of an active plugin. */
  handler(id: string): RouteHandler | undefined {
    const record = this.#records.get(id);
    return record?.state === 'active' ? record.activation?.handler : undefined;
  }

  contributions(): readonly Contribution[] {
    return [...this.#records.values()].flatMap(contributionOf);
  }

  /** Calls `listener` whenever a plugin's state changes, until the result is disposed. */
  onChange(listener: (change: HostChange) => void): Disposable {
    const own = (change: HostChange): void => listener(change);
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  async #switch(id: string, enabled: boolean): Promise<PluginInfo> {
    return this.#change(async () => {
      const record = this.#records.get(id);
      if (!record) throw new SteleError('NOT_FOUND', `There is no plugin "${id}".`);
      refuseLocked(record, enabled);
      await this.#options.state.save(id, { enabled });
      await this.#put(record, enabled);
      await this.#reconciler.settle(this.#stopping.signal);
      return record.info();
    });
  }

  /** One that failed is read anew. */
  async #put(record: PluginRecord, enabled: boolean): Promise<void> {
    record.enabled = enabled;
    if (record.failure) {
      record.take(await reread(record.listing));
      this.#configure(record);
    }
    await prepare(record, this.#surroundings.limit);
  }

  async #change<T>(job: () => Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      if (this.#stopping.signal.aborted) throw new SteleError('CONFLICT', 'The plugin host is stopping.');
      return job();
    });
  }

  async #readPlugins(): Promise<void> {
    const { listings, empty } = await readCatalogue(this.#options.folders);
    for (const { kind, path } of empty) this.#options.log.warn('No plugin was found', { kind, path });
    for (const name of strangers(this.#options.settings, listings)) {
      this.#options.log.warn('The site file has settings of a plugin that was not found', { name });
    }
    const stored = await this.#options.state.load();
    const others: PluginRecord[] = [];
    for (const listing of listings) {
      const record = new PluginRecord(listing);
      if (listing.overriddenBy || listing.isNameless) others.push(record);
      else this.#admit(record, stored[listing.id]?.enabled);
    }
    this.#others = others;
  }

  #admit(record: PluginRecord, stored: boolean | undefined): void {
    this.#records.set(record.id, record);
    this.#roots.add(record.listing.place.path);
    this.#configure(record);
    record.enabled = wanted(record, stored);
  }

  #configure(record: PluginRecord): void {
    const { settings = {}, environment = {} } = this.#options;
    if (!record.manifest) return;
    try {
      record.configuration = configure(record.listing, record.manifest, settings, environment);
    } catch (error) {
      record.failure = asFailure(error);
    }
  }

  #tell({ id, state }: PluginRecord): void {
    this.#options.log.debug('A plugin changed', { plugin: id, state });
    for (const listener of Array.from(this.#listeners)) {
      try {
        listener({ id, state });
      } catch (error) {
        this.#options.log.error('A listener of the plugin host failed', { plugin: id, state, error });
      }
    }
  }
}

/** Whether a plugin is to be active: as the site file locks it, as an administrator chose, as it begins. */
function wanted({ configuration }: PluginRecord, stored: boolean | undefined): boolean {
  const { enabled = true, lockedEnabled } = configuration ?? {};
  return lockedEnabled ?? stored ?? enabled;
}

function refuseLocked({ id, configuration }: PluginRecord, enabled: boolean): void {
  const locked = configuration?.lockedEnabled;
  if (locked === undefined || locked === enabled) return;
  throw new SteleError('CONFLICT', `The site file locks plugin "${id}" as ${locked ? 'enabled' : 'disabled'}.`);
}

function contributionOf({ id, state, manifest, webHash }: PluginRecord): Contribution[] {
  if (state !== 'active' || !manifest?.web || webHash === undefined) return [];
  const { version, stele } = manifest.package;
  const { root: webRoot, module: webModule } = manifest.web;
  return [
    { plugin: id, title: stele.title ?? id, version, panels: stele.panels ?? [], webRoot, webModule, hash: webHash },
  ];
}
