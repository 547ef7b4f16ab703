import { nameOf, type PluginContext, type TokenMap } from '@stele/sdk';
import type { DependencyContainer } from 'tsyringe';
import type { Activation } from './activation.ts';

type Context = PluginContext<unknown, TokenMap, TokenMap>;

/** What the plugin sees of its activation. Functions, not methods: authors take the context apart. */
export function createContext(activation: Activation): Context {
  const { parts, scope, surroundings } = activation;
  const container = createContainer(activation);
  return {
    id: parts.id,
    deps: resolveDeps(activation),
    settings: parts.settings,
    signal: activation.signal,
    log: surroundings.log.child({ plugin: parts.id }),
    container,
    own: (thing) => scope.own(thing),
    add: (point, id, item) => {
      scope.assertOpen(`add(${nameOf(point)}, ${id})`);
      scope.own(surroundings.registries.add(point, parts.id, id, item));
    },
    provide: (key, value) => activation.provide(key, value),
    mount: (handler) => activation.mount(handler),
  };
}

function resolveDeps(activation: Activation): Context['deps'] {
  const { requires, optional } = activation.parts.definition;
  const required = Object.entries(requires).map(([name, token]) => [name, activation.resolve(token)]);
  const present = Object.entries(optional)
    .filter(([, token]) => isPresent(activation, token))
    .map(([name, token]) => [name, activation.resolve(token)]);
  return Object.freeze(Object.fromEntries([...required, ...present]));
}

function isPresent({ parts, surroundings }: Activation, token: symbol): boolean {
  return parts.bindings.has(token) || surroundings.core.tokens.has(token);
}

/**
 * A child container with the dependencies as values under their tokens. Values, because tsyringe builds, and later
 * disposes, an object with a life cycle in whichever child first asks for it. Objects that the author registers in the
 * child are disposed with it, after all that was added later.
 */
function createContainer(activation: Activation): DependencyContainer {
  const { definition } = activation.parts;
  const child = activation.surroundings.container.createChildContainer();
  const tokens = [...Object.values(definition.requires), ...Object.values(definition.optional)];
  for (const token of tokens.filter((one) => isPresent(activation, one))) {
    child.register(token, { useValue: activation.resolve(token) });
  }
  activation.scope.own(() => child.dispose());
  return child;
}
