import type { Cluster } from './cluster.ts';
import type { Place } from './names.ts';

/** What a task's pod is called. One that a job made has a name of its own, which the watch knows. */
export async function podNameOf(cluster: Cluster, place: Place, signal: AbortSignal): Promise<string> {
  if (place.isJob === false) return place.name;
  const store = await cluster.seen(signal);
  return (store.get(place) ?? store.gone(place))?.pod ?? place.name;
}
