declare const carried: unique symbol;

/**
 * The name of a service that one plugin (or the core) provides and others require. A registered symbol, so that it is
 * the same in every copy of the SDK and serves as a tsyringe injection token.
 */
export type Token<T> = symbol & { readonly [carried]?: () => T };

/** A typed list of implementations that plugins add to, such as {@link ContainerEngines}. */
export type ExtensionPoint<T> = symbol & { readonly [carried]?: (item: T) => T };

/** The type that a {@link Token} or an {@link ExtensionPoint} carries. */
export type Carried<X> = X extends Token<infer T> ? T : never;

/**
 * Makes the token for a service.
 * @param name dotted, beginning with the plugin's id or `core`: `core.hosts`, `slurm.queue`
 */
export function token<T>(name: string): Token<T> {
  return Symbol.for(`stele:${name}`) as Token<T>;
}

/**
 * Makes an extension point.
 * @param name dotted, beginning with the plugin's id or `core`
 */
export function extensionPoint<T>(name: string): ExtensionPoint<T> {
  return Symbol.for(`stele:point:${name}`) as ExtensionPoint<T>;
}

/** The name that {@link token} or {@link extensionPoint} was given. */
export function nameOf(key: symbol): string {
  return (Symbol.keyFor(key) ?? String(key)).replace(/^stele:(point:)?/, '');
}

/** What {@link Registry.onChange} tells its listener. */
export interface RegistryChange {
  /** The id that came or went. */
  readonly id: string;
  /** Which of the two. */
  readonly kind: 'added' | 'removed';
}

/** A reader's view of one extension point: what the active plugins have added so far. */
export interface Registry<T> {
  /** The implementation with this id, or `undefined`. */
  get(id: string): T | undefined;
  /** All of them, in the order they came. */
  list(): readonly RegistryEntry<T>[];
  /** Calls `listener` after each change until the result is disposed. */
  onChange(listener: (change: RegistryChange) => void): Disposable;
}

/** One row of a {@link Registry}. */
export interface RegistryEntry<T> {
  /** Unique in its extension point, e.g. `podman`. */
  readonly id: string;
  /** The implementation. */
  readonly item: T;
  /** Id of the plugin that added it. */
  readonly plugin: string;
}
