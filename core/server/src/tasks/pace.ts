/** What is known of a resource when the next look at it is planned. Times in milliseconds. */
export interface Pulse {
  /** Tasks to look after. */
  readonly tasks: number;
  /** Whether any of them is on its way from one state to another. */
  readonly isMoving: boolean;
  /** Since anything changed. */
  readonly unchanged: number;
  /** What the last answer took. */
  readonly took: number;
  /** Since when every look has failed; none when the last one didn’t. */
  readonly failing: number | undefined;
}

const quickest = 1_000;
const calm = 5_000;
/** Where many run, news of one is worth less than its share of what asking costs. */
const calmCrowd = 10_000;
const crowd = 100;
const slowest = 60_000;
/** After a first failure. From then on an outage of some length is noticed to be over half of that later at most. */
const firstWait = 2_000;
/** A resource spends at most one part in so many on answering us; for a moment, when something has just begun to move, more. */
const share = { usual: 20, hurry: 5 };
const moment = 30_000;
/** Of what moves and hasn't changed for some time, such as a job in a long queue: a look each time that this part has passed. */
const patience = 20;

/** Milliseconds until the next look. Pure. */
export function paceOf({ tasks, isMoving, unchanged, took, failing }: Pulse): number {
  if (failing !== undefined) return Math.min(slowest, Math.max(firstWait, failing / 2));
  const still = tasks < crowd ? calm : calmCrowd;
  const wish = isMoving ? Math.min(still, Math.max(quickest, unchanged / patience)) : still;
  const part = isMoving && unchanged < moment ? share.hurry : share.usual;
  return Math.min(slowest, Math.max(wish, took * part));
}

/** Milliseconds between two looks, however often somebody asks for one. Pure. */
export function gapOf({ took, failing }: Pick<Pulse, 'took' | 'failing'>): number {
  if (failing !== undefined && failing > firstWait) return 5_000;
  return Math.min(5_000, Math.max(250, took * 2));
}

/** The same, up to a quarter more: what began together does not go on together. */
export function jittered(milliseconds: number, random: () => number = Math.random): number {
  return milliseconds * (1 + random() / 4);
}
