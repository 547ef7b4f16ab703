import {
  nameOf,
  type ExtensionPoint,
  type Registry,
  type RegistryChange,
  type RegistryEntry,
  SteleError,
} from '@stele/sdk';
import type { HostLogger } from './types.ts';

type Listener = (change: RegistryChange) => void;

/** The implementations of one extension point. */
class PointRegistry<T> {
  readonly #point: string;
  readonly #log: HostLogger;
  readonly #entries = new Map<string, RegistryEntry<T>>();
  readonly #listeners = new Set<Listener>();
  readonly view: Registry<T>;

  constructor(point: string, log: HostLogger) {
    this.#point = point;
    this.#log = log;
    this.view = {
      get: (id) => this.#entries.get(id)?.item,
      list: () => [...this.#entries.values()],
      onChange: (listener) => this.#listen(listener),
    };
  }

  /** Adds; the result takes it away again. */
  add(plugin: string, id: string, item: T): () => void {
    const holder = this.#entries.get(id);
    if (holder) {
      throw new SteleError('CONFLICT', `Plugin ${holder.plugin} has already added "${id}" to ${this.#point}.`);
    }
    this.#entries.set(id, { id, item, plugin });
    this.#tell({ id, kind: 'added' });
    return () => this.#remove(id);
  }

  #remove(id: string): void {
    this.#entries.delete(id);
    this.#tell({ id, kind: 'removed' });
  }

  #listen(listener: Listener): Disposable {
    // Wrapped, so that one function given twice is two listeners, and each ends on its own.
    const own: Listener = (change) => listener(change);
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  #tell(change: RegistryChange): void {
    for (const listener of Array.from(this.#listeners)) {
      try {
        listener(change);
      } catch (error) {
        this.#log.error('A listener of an extension point failed', { point: this.#point, ...change, error });
      }
    }
  }
}

/** The registries of all extension points, made when first asked for. */
export class Registries {
  readonly #log: HostLogger;
  readonly #points = new Map<symbol, PointRegistry<unknown>>();

  constructor(log: HostLogger) {
    this.#log = log;
  }

  view<T>(point: ExtensionPoint<T>): Registry<T> {
    return this.#at(point).view as Registry<T>;
  }

  add(point: symbol, plugin: string, id: string, item: unknown): () => void {
    return this.#at(point).add(plugin, id, item);
  }

  #at(point: symbol): PointRegistry<unknown> {
    let registry = this.#points.get(point);
    if (!registry) this.#points.set(point, (registry = new PointRegistry(nameOf(point), this.#log)));
    return registry;
  }
}
