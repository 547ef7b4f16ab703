/** What was copied or cut, for as long as the page lives. */
export interface Clip {
  readonly storage: string;
  readonly paths: readonly string[];
  readonly isCut: boolean;
}

let clip: Clip | undefined;

export function putClip(next: Clip | undefined): void {
  clip = next;
}

export function currentClip(): Clip | undefined {
  return clip;
}
