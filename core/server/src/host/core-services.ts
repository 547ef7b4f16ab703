import type { ServiceBinding } from './types.ts';

/** The services that the core offers to every plugin. */
export class CoreServices {
  readonly #bindings: ReadonlyMap<symbol, ServiceBinding>;
  readonly tokens: ReadonlySet<symbol>;

  constructor(bindings: readonly ServiceBinding[]) {
    this.#bindings = new Map(bindings.map((binding) => [binding.token, binding]));
    this.tokens = new Set(this.#bindings.keys());
  }

  get(token: symbol, pluginId: string): unknown {
    const binding = this.#bindings.get(token);
    if (binding === undefined) return undefined;
    return 'for' in binding ? binding.for(pluginId) : binding.value;
  }
}
