import { TimeLimitError } from './failure.ts';

/**
 * Does `work`, but waits no longer than `limit` ms, nor beyond `stop`. What comes of it afterwards is nobody's: a late
 * rejection is taken, so that it can't end the process.
 */
export async function within<T>(limit: number, work: () => T | Promise<T>, stop?: AbortSignal): Promise<T> {
  const alarm = Promise.withResolvers<never>();
  const timer = setTimeout(() => alarm.reject(new TimeLimitError(limit)), limit);
  const onStop = (): void => alarm.reject(stop?.reason);
  stop?.addEventListener('abort', onStop, { once: true });
  try {
    stop?.throwIfAborted();
    return await Promise.race([Promise.resolve().then(work), alarm.promise]);
  } finally {
    clearTimeout(timer);
    stop?.removeEventListener('abort', onStop);
  }
}
