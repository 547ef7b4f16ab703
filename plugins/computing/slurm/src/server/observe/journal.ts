import type { Observation, TaskEvent } from '@stele/sdk';

/** Tasks that are remembered at most; the one that nothing was heard of for longest goes first. */
const mostTasks = 10_000;
/** Events of one task; the oldest go first. */
const mostEvents = 100;

type Seen = Exclude<Observation, { phase: 'absent' | 'unknown' }>;

interface Entry {
  readonly last: Seen;
  readonly events: readonly TaskEvent[];
}

/**
 * What happened to tasks, from what rounds saw anyway: Slurm itself tells no events. Forgotten with the process; what there is of a task
 * then begins with how it is found.
 */
export class Journal {
  readonly #entries = new Map<string, Entry>();

  /** Writes down what has changed. @param prefix tells resources apart */
  note(prefix: string, seen: ReadonlyMap<string, Observation>, now = new Date()): void {
    for (const [key, observation] of seen) this.#note(`${prefix}/${key}`, observation, now);
  }

  has(prefix: string, key: string): boolean {
    return this.#entries.has(`${prefix}/${key}`);
  }

  /** The oldest first. */
  of(prefix: string, key: string): readonly TaskEvent[] {
    return this.#entries.get(`${prefix}/${key}`)?.events ?? [];
  }

  #note(task: string, observation: Observation, now: Date): void {
    if (observation.phase === 'absent' || observation.phase === 'unknown') return;
    const known = this.#entries.get(task);
    const event = eventOf(known?.last, observation, now);
    this.#entries.delete(task);
    const earlier = known?.events ?? [];
    const events = event ? [...earlier, notBefore(earlier.at(-1), event)].slice(-mostEvents) : earlier;
    this.#entries.set(task, { last: observation, events });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > mostTasks && oldest !== undefined) this.#entries.delete(oldest);
  }
}

/** In the order in which they were seen: clocks differ, and Slurm's times are whole seconds. */
function notBefore(earlier: TaskEvent | undefined, event: TaskEvent): TaskEvent {
  const isBefore = Date.parse(event.at ?? '') < Date.parse(earlier?.at ?? '');
  return isBefore && earlier?.at !== undefined ? { ...event, at: earlier.at } : event;
}

/** What an observation tells that the one before it didn’t; in Slurm’s own words where it has some. Pure. */
export function eventOf(before: Seen | undefined, seen: Seen, now: Date): TaskEvent | undefined {
  const [was, is] = [before && wordOf(before), wordOf(seen)];
  const isAgain = before !== undefined && hasBegun(before) && isWaiting(seen);
  if (was === is && before?.phase === seen.phase && !isAgain) return undefined;
  const at = timeOf(before, seen) ?? now.toISOString();
  const says = saysOf(seen);
  return {
    at,
    reason: isAgain ? 'Requeued' : is,
    ...(says === undefined ? {} : { says }),
    ...(isTrouble(seen) ? { isWarning: true } : {}),
  };
}

/** `PENDING Resources`, `RUNNING`, `CANCELLED`, without what changes from look to look. */
function wordOf({ phase, detail = '' }: Seen): string {
  const word = detail.split(/[,(]|\sby\s|\suntil\s|\s\d+:\d+$/)[0]?.trim() ?? '';
  return word === '' ? phase : word;
}

function saysOf(seen: Seen): string | undefined {
  const nodes = seen.nodes?.join(', ');
  const where = nodes === undefined || isWaiting(seen) ? undefined : `On ${nodes}.`;
  const said = seen.reason ?? (seen.phase === 'ended' ? '' : (where ?? ''));
  return said === '' ? undefined : said;
}

/** Slurm’s own time of a beginning and an end; of all else, when it was seen. */
function timeOf(before: Seen | undefined, seen: Seen): string | undefined {
  if (seen.phase === 'ended') return seen.endedAt;
  const isBeginning = hasBegun(seen) && (before === undefined || isWaiting(before));
  return isBeginning ? seen.startedAt : undefined;
}

const isWaiting = ({ phase }: Seen): boolean => phase === 'queued' || phase === 'held';
const hasBegun = ({ phase }: Seen): boolean =>
  phase === 'starting' || phase === 'running' || phase === 'stopping' || phase === 'suspended';
const isTrouble = (seen: Seen): boolean =>
  seen.phase === 'held' ||
  (seen.phase === 'ended' && seen.outcome !== 'completed') ||
  /can never start/.test(seen.reason ?? '');
