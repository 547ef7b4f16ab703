import type { JsonObject } from './json.ts';

/** One thing that a plugin says of the machine it is on. */
export interface HealthNote {
  /** `weak` works, and is worse than it could be; `broken` doesn't work. */
  readonly state: 'fine' | 'weak' | 'broken';
  /** How it is, in a sentence or less. */
  readonly says: string;
  /** What to do about it. */
  readonly advice?: string;
}

/**
 * Looks at what a plugin needs of its machine, such as a program or an addon, for `stele doctor`: outside of the platform,
 * without services, and changing nothing. What it throws is a note of its own.
 * @param settings checked, defaults filled in
 * @param signal aborted after 10 seconds
 */
export type Diagnose<Settings = JsonObject> = (
  settings: Settings,
  signal: AbortSignal,
) => readonly HealthNote[] | Promise<readonly HealthNote[]>;
