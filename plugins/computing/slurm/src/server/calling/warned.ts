import type { Observation, TaskHandle } from '@stele/sdk';

/** How long before its end a token is spoken of, in milliseconds. */
const early = 3_600_000;

/**
 * Adds a word to tasks whose token ends soon: nothing is lost then, and nobody sees how they are.
 * @param endOf when the token ends that a task is looked at with, in milliseconds since 1970
 */
export function warned(
  seen: ReadonlyMap<string, Observation>,
  tasks: readonly TaskHandle[],
  endOf: (who: TaskHandle['who']) => number | undefined,
  now: number,
): ReadonlyMap<string, Observation> {
  const ends = new Map(tasks.map(({ key, who }) => [key, endOf(who)]));
  return new Map([...seen].map(([key, one]) => [key, withWord(one, ends.get(key), now)]));
}

function withWord(one: Observation, end: number | undefined, now: number): Observation {
  if (end === undefined || end - now > early || one.phase === 'ended' || one.phase === 'absent') return one;
  if (one.phase === 'unknown') return one;
  // To the moment, not in minutes: a reason that changes is news each time.
  const word = `The token for this cluster ends at ${new Date(end).toISOString()}: renew it under Account → Credentials before that.`;
  return { ...one, reason: one.reason === undefined ? word : `${one.reason} ${word}` };
}
