/**
 * Lets signals end the platform: SIGINT and SIGTERM abort `stopping`, a second one calls `hurry`. A terminal that closes
 * (SIGHUP) ends what runs in it, and nothing else: Node undoes the `nohup` of a shell, so without a terminal it is ignored.
 */
export function stopSignals(stopping: AbortController, hurry: () => void): Disposable {
  const stop = (): void => (stopping.signal.aborted ? hurry() : stopping.abort());
  const hangUp = (): void => {
    if (process.stdin.isTTY) stop();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', hangUp);
  return {
    [Symbol.dispose]: () => void process.off('SIGINT', stop).off('SIGTERM', stop).off('SIGHUP', hangUp),
  };
}

/** Resolves when `signal` is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
