import type { DependencyContainer } from 'tsyringe';
import type { Logger } from './call.ts';
import type { Carried, ExtensionPoint, Token } from './token.ts';

/** Version of the contract that this SDK states; a plugin's `engines.stele` range is held against it. */
export const sdkVersion = '1.0.0';

/** Tokens by the name under which the plugin gets what they stand for. */
export type TokenMap = Readonly<Record<string, Token<unknown>>>;

/** What a {@link TokenMap} resolves to. */
export type Resolved<M extends TokenMap> = { readonly [K in keyof M]: Carried<M[K]> };

/** Anything that can be given back: at the end of the activation, last in first out, each step on its own. */
export type Owned = Disposable | AsyncDisposable | (() => void | Promise<void>);

/** Who sent a request to a plugin's route. */
export interface RouteCaller {
  /** The user's id. */
  readonly userId: string;
  /** The user's role. */
  readonly role: 'standard' | 'power' | 'admin';
}

/** Answers requests below `/api/v1/plugins/<id>/`, in the shapes of the Fetch standard. Callers are logged in. */
export type RouteHandler = (request: Request, caller: RouteCaller) => Promise<Response>;

/** What a plugin holds while it is active. Whatever it takes, it takes here, and all of it is given back. */
export interface PluginContext<Settings, Requires extends TokenMap, Optional extends TokenMap> {
  /** The plugin's id. */
  readonly id: string;
  /** What it requires, and what of the optional is there. */
  readonly deps: Resolved<Requires> & Partial<Resolved<Optional>>;
  /** Its settings, checked and with defaults filled in. */
  readonly settings: Settings;
  /** Aborted when the activation ends, or took too long. */
  readonly signal: AbortSignal;
  /** Its log. */
  readonly log: Logger;
  /** A child container that lives as long as the activation; holds `deps` by their tokens. */
  readonly container: DependencyContainer;
  /** Takes responsibility for `thing` and returns it. */
  own<T extends Owned>(thing: T): T;
  /** Adds an implementation to an extension point. CONFLICT when the id is taken. */
  add<T>(point: ExtensionPoint<T>, id: string, item: T): void;
  /** Provides a service that other plugins require. It must be declared in {@link PluginDefinition.provides}. */
  provide<T>(key: Token<T>, value: T): void;
  /** Serves `/api/v1/plugins/<id>/`. */
  mount(handler: RouteHandler): void;
}

/** What a plugin's server half exports by default. */
export interface PluginDefinition<
  Settings = unknown,
  Requires extends TokenMap = TokenMap,
  Optional extends TokenMap = TokenMap,
> {
  /** Services without which it can't be active. */
  readonly requires?: Requires;
  /** Services that it uses when they are there. */
  readonly optional?: Optional;
  /** Services that it provides. */
  readonly provides?: readonly Token<unknown>[];
  /** Takes what it needs. Ten seconds at most, unless the site sets another limit. */
  activate(context: PluginContext<Settings, Requires, Optional>): void | Promise<void>;
}

/**
 * Gives a plugin its types.
 * @example
 * export default definePlugin({
 *   requires: { hosts: Hosts },
 *   activate({ deps, add }) {
 *     add(ContainerEngines, 'nerdctl', new Nerdctl(deps.hosts));
 *   },
 * });
 */
export function definePlugin<
  Settings = unknown,
  const Requires extends TokenMap = Record<never, never>,
  const Optional extends TokenMap = Record<never, never>,
>(definition: PluginDefinition<Settings, Requires, Optional>): PluginDefinition<Settings, Requires, Optional> {
  return definition;
}
