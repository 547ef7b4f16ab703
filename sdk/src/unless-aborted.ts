import { SteleError } from './errors.ts';

/**
 * What `work` comes to, for a caller who may leave before it is done. The work itself goes on: it may be wanted by others, or ends by
 * the same signal.
 * @param grace ms that work which was given up has to come to its end, before its caller is told so all the same. Default: none
 * @returns what `work` comes to; also when that is within the grace time
 * @throws UNREACHABLE when `signal` aborts
 * @example await unlessAborted(lookup(host), signal)
 */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal, grace = 0): Promise<T> {
  return new Promise((resolve, reject) => {
    let late: ReturnType<typeof setTimeout> | undefined;
    const leave = () => reject(givenUp(signal));
    const onAbort = () => {
      if (grace > 0) late = setTimeout(leave, grace);
      else leave();
    };
    const settle = (finish: () => void) => {
      clearTimeout(late);
      signal.removeEventListener('abort', onAbort);
      finish();
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    work.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => (signal.aborted ? leave() : reject(error as Error))),
    );
  });
}

/** What a caller is told who has left. */
function givenUp(signal: AbortSignal): SteleError {
  return new SteleError('UNREACHABLE', 'The work was given up before it was done.', { cause: signal.reason });
}
