import { lines, type Place } from '../../faults/lib/place.ts';
import type { Site } from './site.ts';

/** A user's jobs by their names. Each was started once, unless it was queued again; ended ones are known for five minutes. */
export function slurmPlace(site: Site, user: string): Place {
  const names = async (prefix: string, states: readonly string[]): Promise<string[]> => {
    const chosen = `--states=${states.length === 0 ? 'all' : states.join(',')}`;
    const all = await site.on('login', 'squeue', '--noheader', '--user', user, chosen, '--format=%j');
    return lines(all).filter((name) => name.startsWith(prefix));
  };
  return { names, starts: (prefix) => names(prefix, []) };
}
