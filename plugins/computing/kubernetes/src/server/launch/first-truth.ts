import { SteleError } from '@stele/sdk';
import type { Cluster } from '../cluster.ts';
import { type ImageTrouble, imageTrouble, isBackOff } from '../pod/image-trouble.ts';
import { judge } from '../pod/judge.ts';
import type { PodSeen } from '../pod/seen.ts';

/** Milliseconds that a submission waits at most to see an image fail. What takes longer is observed. */
const patience = 15_000;
/** Milliseconds that a registry has to come back. */
const indulgence = 6_000;

/**
 * Waits until a new pod has its container, or waits for a node, or for a long image.
 * @throws NOT_FOUND, DENIED, INVALID, UNREACHABLE (field `image`) when its image can't be had
 */
export async function firstTruth(
  cluster: Cluster,
  pod: PodSeen,
  progress: (reason: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + patience;
  const store = await cluster.seen(signal);
  const over = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  let trouble: { readonly last: ImageTrouble; readonly since: number } | undefined;
  while (!signal.aborted && Date.now() < deadline) {
    const change = store.change(over);
    const seen = store.get(pod) ?? store.gone(pod);
    if (seen === undefined || isSettled(seen)) return;
    const now = imageTrouble(seen);
    // Between two tries nothing new is said.
    if (now !== undefined && !isBackOff(seen)) trouble = { last: now, since: trouble?.since ?? Date.now() };
    if (trouble !== undefined && isLost(trouble.last, trouble.since)) throw failure(trouble.last);
    const said = judge(seen, Date.now());
    // What will never run is told by whoever observes it.
    if (said.phase === 'ended' && trouble === undefined) return;
    if ('reason' in said && said.reason !== undefined) progress(said.reason);
    await (trouble === undefined ? change : Promise.race([change, pause(500, over)]));
  }
  if (signal.aborted) throw new SteleError('UNREACHABLE', 'The call was ended before the task was seen to start.');
  if (trouble !== undefined) throw failure(trouble.last);
}

/** Whether nothing is left to be waited for. */
function isSettled(pod: PodSeen): boolean {
  const isPending = pod.phase === 'Pending' || pod.phase === '';
  const isQueued = pod.node === undefined && pod.conditions['PodScheduled']?.isTrue === false;
  return !isPending || isQueued || pod.deletedAt !== undefined || pod.cancelledAt !== undefined;
}

function isLost({ code }: ImageTrouble, since: number): boolean {
  return code !== 'UNREACHABLE' || Date.now() - since > indulgence;
}

function failure({ code, words, said }: ImageTrouble): SteleError {
  return new SteleError(code, words, { field: 'image', raw: said });
}

function pause(time: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, time);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
