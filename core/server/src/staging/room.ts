import { bytesInWords, type StageTree, SteleError } from '@stele/sdk';
import type { StagingPlan } from '../model/index.ts';
import { below, bytesOf, type Survey } from './survey.ts';

/** Something that is brought in, and what lies in it. */
export interface Source {
  readonly place: StagingPlan['in'][number];
  readonly tree: StageTree;
  readonly found: Survey;
}

/** Bytes that aren't there yet, by the sizes of what is. */
export function missingBytes(sources: readonly Source[], there: ReadonlyMap<string, number>): number {
  const files = sources.flatMap(({ place, found }) =>
    found.files.filter(({ path, size }) => there.get(below(place.as, path)) !== size),
  );
  return bytesOf(files);
}

/**
 * Says before hours of copying that there is no room for it, where the system can tell.
 * @throws LIMIT
 */
export async function demandRoom(tree: StageTree, name: string, bytes: number, signal: AbortSignal): Promise<void> {
  const usage = await tree.usage(signal);
  if (!usage || bytes <= usage.free) return;
  const message = `“${name}” has room for ${bytesInWords(usage.free)}; ${bytesInWords(bytes)} are to go there. Free some, or choose less.`;
  throw new SteleError('LIMIT', message);
}
