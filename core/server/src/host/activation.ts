import { type JsonObject, nameOf, type RouteHandler, SteleError } from '@stele/sdk';
import type { DependencyContainer } from 'tsyringe';
import { createContext } from './context.ts';
import type { CoreServices } from './core-services.ts';
import type { Definition } from './definition.ts';
import { activationFailed } from './failure.ts';
import type { Registries } from './registries.ts';
import { Scope } from './scope.ts';
import type { HostLogger } from './types.ts';
import { within } from './within.ts';

/** What every activation gets from the host. */
export interface Surroundings {
  readonly core: CoreServices;
  readonly registries: Registries;
  readonly container: DependencyContainer;
  readonly log: HostLogger;
  readonly limit: number;
}

export interface ActivationParts {
  readonly id: string;
  readonly definition: Definition;
  readonly settings: JsonObject;
  /** The activations whose services it holds. */
  readonly bindings: ReadonlyMap<symbol, Activation>;
}

/** One life of a plugin's server half: from `activate` until everything that it took is given back. */
export class Activation {
  readonly parts: ActivationParts;
  readonly surroundings: Surroundings;
  readonly scope: Scope;
  readonly #controller = new AbortController();
  readonly #provided = new Map<symbol, unknown>();
  #isOpening = true;
  #handler: RouteHandler | undefined;

  constructor(parts: ActivationParts, surroundings: Surroundings) {
    this.parts = parts;
    this.surroundings = surroundings;
    this.scope = new Scope(parts.id, surroundings.limit, (error) => {
      surroundings.log.error('A plugin that was disowned owned something that could not be ended', {
        plugin: parts.id,
        error,
      });
    });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get handler(): RouteHandler | undefined {
    return this.#handler;
  }

  /** Runs `activate`. When that fails, or takes too long, the plugin is disowned and everything given back. */
  async open(stop: AbortSignal): Promise<void> {
    const { id, definition } = this.parts;
    const { limit, log } = this.surroundings;
    try {
      const context = createContext(this);
      await within(limit, () => definition.activate(context), stop);
      this.#assertProvided();
      this.#isOpening = false;
    } catch (error) {
      const failure = activationFailed(error, limit);
      for (const problem of await this.close(failure)) {
        log.error('A plugin that could not be activated did not give everything back', { plugin: id, error: problem });
      }
      throw failure;
    }
  }

  /** Ends it. Returns what could not be given back. */
  async close(reason: unknown): Promise<readonly unknown[]> {
    // Closed before aborted: a listener of the signal must find that it is too late to add anything.
    const closing = this.scope.close();
    this.#controller.abort(reason);
    return closing;
  }

  /** A service of another plugin, or of the core. */
  resolve(token: symbol): unknown {
    const provider = this.parts.bindings.get(token);
    return provider ? provider.#provided.get(token) : this.surroundings.core.get(token, this.parts.id);
  }

  provide(token: symbol, value: unknown): void {
    const name = nameOf(token);
    this.scope.assertOpen(`provide(${name})`);
    if (!this.parts.definition.provides.includes(token)) {
      throw new SteleError('INVALID', `Plugin ${this.parts.id} provides ${name} without declaring it in \`provides\`.`);
    }
    if (!this.#isOpening)
      throw new SteleError('CONFLICT', `${name} can be provided only while the plugin is activated.`);
    if (this.#provided.has(token)) throw new SteleError('CONFLICT', `${name} was provided already.`);
    this.#provided.set(token, value);
  }

  mount(handler: RouteHandler): void {
    this.scope.assertOpen('mount()');
    if (this.#handler) throw new SteleError('CONFLICT', `Plugin ${this.parts.id} has mounted its routes already.`);
    this.#handler = handler;
    this.scope.own(() => {
      this.#handler = undefined;
    });
  }

  /** Whether it holds exactly the services of these activations. */
  isBoundTo(bindings: ReadonlyMap<symbol, Activation>): boolean {
    const held = this.parts.bindings;
    return held.size === bindings.size && [...bindings].every(([token, provider]) => held.get(token) === provider);
  }

  #assertProvided(): void {
    const missing = this.parts.definition.provides.find((token) => !this.#provided.has(token));
    if (missing !== undefined)
      throw new Error(`it declares ${nameOf(missing)} in \`provides\`, but did not provide it`);
  }
}
