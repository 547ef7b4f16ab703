/** How one file of the queue is. */
export type UploadState = 'waiting' | 'sending' | 'clash' | 'done' | 'skipped' | 'failed' | 'cancelled';

/** One file on its way. Plain data: the bytes are with the store. */
export interface Upload {
  readonly id: number;
  readonly storage: string;
  /** Where it goes, from the storage's root. */
  readonly path: string;
  readonly size: number;
  readonly sent: number;
  readonly state: UploadState;
  /** Whether what is there already is replaced. */
  readonly overwrite: boolean;
  /** Why it failed. */
  readonly problem?: unknown;
}

/** What to do about a file that is there already. */
export type ClashAnswer =
  { readonly do: 'replace' } | { readonly do: 'skip' } | { readonly do: 'rename'; readonly path: string };

interface SimpleStep {
  readonly type: 'start' | 'succeed' | 'clash' | 'cancel' | 'retry';
  readonly id: number;
}

export type QueueEvent =
  | { readonly type: 'add'; readonly uploads: readonly Upload[] }
  | SimpleStep
  | { readonly type: 'progress'; readonly id: number; readonly sent: number }
  | { readonly type: 'fail'; readonly id: number; readonly problem: unknown }
  | { readonly type: 'answer'; readonly id: number; readonly answer: ClashAnswer }
  | { readonly type: 'cancel-all' }
  | { readonly type: 'clear' };

export type Queue = readonly Upload[];

/** From which state each step may start; any other is news that came too late, and is left alone. */
const from: Readonly<
  Record<'start' | 'progress' | 'succeed' | 'clash' | 'fail' | 'cancel' | 'retry' | 'answer', readonly UploadState[]>
> = {
  start: ['waiting'],
  progress: ['sending'],
  succeed: ['sending'],
  clash: ['sending'],
  fail: ['sending'],
  cancel: ['waiting', 'sending', 'clash'],
  retry: ['failed', 'cancelled', 'skipped'],
  answer: ['clash'],
};

/** The queue after an event. */
export function reduce(queue: Queue, event: QueueEvent): Queue {
  if (event.type === 'add') return [...queue, ...event.uploads];
  if (event.type === 'clear') return queue.filter(isOpen);
  if (event.type === 'cancel-all') return queue.map((upload) => (isOpen(upload) ? cancelled(upload) : upload));
  return queue.map((upload) => {
    const isMeant = upload.id === event.id && from[event.type].includes(upload.state);
    return isMeant ? { ...upload, ...changeOf(event, upload) } : upload;
  });
}

function changeOf(
  event: Exclude<QueueEvent, { type: 'add' | 'clear' | 'cancel-all' }>,
  upload: Upload,
): Partial<Upload> {
  switch (event.type) {
    case 'start':
      return { state: 'sending', sent: 0, problem: undefined };
    case 'progress':
      return { sent: Math.min(upload.size, Math.max(upload.sent, event.sent)) };
    case 'succeed':
      return { state: 'done', sent: upload.size };
    case 'clash':
      return { state: 'clash', sent: 0 };
    case 'fail':
      return { state: 'failed', sent: 0, problem: event.problem };
    case 'cancel':
      return cancelled(upload);
    case 'retry':
      return { state: 'waiting', sent: 0, problem: undefined };
    case 'answer':
      return answered(event.answer);
  }
}

function cancelled(upload: Upload): Upload {
  return { ...upload, state: 'cancelled', sent: 0 };
}

function answered(answer: ClashAnswer): Partial<Upload> {
  if (answer.do === 'skip') return { state: 'skipped' };
  return answer.do === 'replace' ? { state: 'waiting', overwrite: true } : { state: 'waiting', path: answer.path };
}

/** Whether something is still to come of it. */
export function isOpen({ state }: Upload): boolean {
  return state === 'waiting' || state === 'sending' || state === 'clash';
}

/** What to start now so that `parallel` are on their way. */
export function toStart(queue: Queue, parallel: number): Queue {
  const free = parallel - queue.filter(({ state }) => state === 'sending').length;
  return queue.filter(({ state }) => state === 'waiting').slice(0, Math.max(0, free));
}

/** The queue in numbers. */
export interface Totals {
  readonly open: number;
  readonly done: number;
  readonly failed: number;
  readonly clashes: number;
  readonly files: number;
  /** 0–1 of the bytes of what is open or done. */
  readonly fraction: number;
}

export function totalsOf(queue: Queue): Totals {
  const counted = queue.filter((upload) => isOpen(upload) || upload.state === 'done');
  // An empty file weighs a little too, or a queue of them would never move.
  const weight = (bytes: number): number => bytes + 1000;
  const all = counted.reduce((sum, { size }) => sum + weight(size), 0);
  const sent = counted.reduce((sum, { size, sent: part, state }) => sum + (state === 'done' ? weight(size) : part), 0);
  const count = (state: UploadState): number => queue.filter((upload) => upload.state === state).length;
  return {
    open: queue.filter(isOpen).length,
    done: count('done'),
    failed: count('failed'),
    clashes: count('clash'),
    files: counted.length,
    fraction: all === 0 ? 0 : sent / all,
  };
}
