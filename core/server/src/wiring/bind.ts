import type { Carried, Token } from '@stele/sdk';
import { type DependencyContainer, instancePerContainerCachingFactory } from 'tsyringe';

/** Resolves what another factory made. */
export type Get = <T extends Token<unknown>>(token: T) => Carried<T>;

/** Says how an object of the core is made: once for each container, when it is first asked for. */
export function bind<T>(container: DependencyContainer, token: Token<T>, make: (get: Get) => T): void {
  const useFactory = instancePerContainerCachingFactory((inner) => make((other) => inner.resolve(other) as never));
  container.register(token as symbol, { useFactory });
}

/** Puts in an object that exists already. */
export function put<T>(container: DependencyContainer, token: Token<T>, value: T): void {
  container.register(token as symbol, { useValue: value });
}

/** Takes an object out. */
export function take<T>(container: DependencyContainer, token: Token<T>): T {
  return container.resolve(token as symbol) as T;
}
