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
  /** Looks in a row that failed. */
  readonly failures: number;
}

const quickest = 1_000;
const calm = 5_000;
/** Where many run, news of one is worth less than its share of what asking costs. */
const calmCrowd = 10_000;
const crowd = 100;
const slowest = 60_000;
/** A resource spends at most one part in so many on answering us. */
const share = 20;
/** Of what moves and hasn't changed for some time, such as a job in a long queue: a look each time that this part has passed. */
const patience = 20;

/** Milliseconds until the next look. Pure. */
export function paceOf({ tasks, isMoving, unchanged, took, failures }: Pulse): number {
  if (failures > 0) return Math.min(slowest, quickest * 2 ** Math.min(failures, 6));
  const still = tasks < crowd ? calm : calmCrowd;
  const wish = isMoving ? Math.min(still, Math.max(quickest, unchanged / patience)) : still;
  return Math.min(slowest, Math.max(wish, took * share));
}

/** Milliseconds between two looks, however often somebody asks for one. Pure. */
export function gapOf({ took, failures }: Pick<Pulse, 'took' | 'failures'>): number {
  if (failures > 1) return 5_000;
  return Math.min(5_000, Math.max(250, took * 2));
}

/** The same, a quarter more or less: what began together does not go on together. */
export function jittered(milliseconds: number, random: () => number = Math.random): number {
  return milliseconds * (0.75 + random() / 2);
}
