import type { Dialect } from './dialects/dialect.ts';
import { plain } from './dialects/plain.ts';
import { taggedDialect } from './dialects/tagged.ts';

/** A version of the API, and how it is spoken. */
export interface Version {
  readonly name: string;
  readonly dialect: Dialect;
}

/**
 * All versions that are known, the newest first. Each release of Slurm serves three or four: 22.05 to 23.11 have v0.0.38 or
 * v0.0.40, later ones v0.0.40, 41 or 42. v0.0.39, of 23.02 alone, stands beside v0.0.38 there.
 */
export const versions: readonly Version[] = [
  { name: 'v0.0.42', dialect: taggedDialect },
  { name: 'v0.0.41', dialect: taggedDialect },
  { name: 'v0.0.40', dialect: taggedDialect },
  { name: 'v0.0.38', dialect: plain },
];
