/** `weak` works, and is worse than it could be; `broken` doesn't work. */
export type State = 'fine' | 'weak' | 'broken';

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at, in a word or two. */
  readonly check: string;
  readonly state: State;
  /** How it is. */
  readonly says: string;
  /** What to do about it. */
  readonly advice?: string;
}

export function fine(check: string, says: string): Finding {
  return { check, state: 'fine', says };
}

export function weak(check: string, says: string, advice: string): Finding {
  return { check, state: 'weak', says, advice };
}

export function broken(check: string, says: string, advice?: string): Finding {
  return { check, state: 'broken', says, ...(advice !== undefined && { advice }) };
}
