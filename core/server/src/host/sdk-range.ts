import Range from 'semver/classes/range.js';
import type { Comparator } from 'semver';
import satisfies from 'semver/functions/satisfies.js';
import { manifestInvalid, sdkMismatch } from './failure.ts';

/** Holds a plugin's `engines.stele` against the version of the contract that this host offers. */
export function checkSdkRange(range: string, version: string): void {
  const parsed = parse(range);
  if (!parsed.set.every(hasUpperBound)) {
    throw manifestInvalid(`engines.stele "${range}" has no upper bound; write a range such as "^${version}"`);
  }
  if (!satisfies(version, parsed, { includePrerelease: true })) {
    throw sdkMismatch(`it is made for Stele's contract ${range}; this is ${version}`);
  }
}

function parse(range: string): Range {
  try {
    return new Range(range);
  } catch (error) {
    throw manifestInvalid(`engines.stele "${range}" is not a version range`, error);
  }
}

/** One alternative of a range, e.g. `>=1.2.0 <2.0.0-0`. An operator '' is either one exact version, or anything. */
function hasUpperBound(comparators: readonly Comparator[]): boolean {
  return comparators.some(
    ({ operator, value }) => operator === '<' || operator === '<=' || (operator === '' && value !== ''),
  );
}
