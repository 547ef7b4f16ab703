import type { Me } from '@stele/sdk/api';

/** What the page suggests to a user who is new here. */
export type Hint = 'password' | 'timezone';

/** What a hint is chosen by. */
export interface HintFacts {
  readonly user: Pick<Me, 'hasPassword' | 'keepsPassword' | 'timezone'>;
  /** Zone of this browser. */
  readonly browserZone: string;
  /** What the user does not want to see again. */
  readonly dismissed: ReadonlySet<Hint>;
}

/** The one thing to suggest now, if anything: never two at once. */
export function hintFor({ user, browserZone, dismissed }: HintFacts): Hint | undefined {
  const fits: Readonly<Record<Hint, boolean>> = {
    password: user.keepsPassword && !user.hasPassword,
    // Nobody chose UTC: it is what a new account has.
    timezone: user.timezone === 'UTC' && !isUtc(browserZone),
  };
  return (['password', 'timezone'] as const).find((hint) => fits[hint] && !dismissed.has(hint));
}

function isUtc(zone: string): boolean {
  return ['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT', ''].includes(zone);
}
