import type { Logger } from '@stele/sdk';

/**
 * For what nobody caught. A promise that a plugin forgot must not end the platform under everybody else; after an
 * exception in the middle of nowhere its state can't be trusted, and `end` is called.
 */
export function lastResort(log: Logger, end: () => void): Disposable {
  const rejected = (error: unknown): void => log.error('A promise was rejected, and nobody handled it', { error });
  const thrown = (error: unknown): void => {
    log.error('An error was thrown, and nobody caught it: Stele ends', { error });
    end();
  };
  process.on('unhandledRejection', rejected).on('uncaughtException', thrown);
  return {
    [Symbol.dispose]: () => void process.off('unhandledRejection', rejected).off('uncaughtException', thrown),
  };
}
