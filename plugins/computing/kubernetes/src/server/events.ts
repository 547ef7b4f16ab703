import type { TaskEvent } from '@stele/sdk';
import { paths } from './api/request.ts';
import type { Cluster } from './cluster.ts';
import type { Place } from './names.ts';
import { fieldsOf, listOf, textOf } from './pod/seen.ts';
import { podNameOf } from './task-pod.ts';

/** Characters of what is said of one event. */
const longest = 1_000;

/** What the cluster says happened to a task's pod, and to the job that made it. It remembers for an hour. */
export async function eventsOf(cluster: Cluster, place: Place, signal: AbortSignal): Promise<readonly TaskEvent[]> {
  const api = await cluster.api();
  const names = new Set([place.name, await podNameOf(cluster, place, signal)]);
  const asked = [...names].map((name) => {
    const query = { fieldSelector: `involvedObject.name=${name}`, limit: 500 };
    return api.get({ path: paths.events(place.namespace), query }, signal);
  });
  return readEvents(await Promise.all(asked));
}

/** Reads lists of events, the oldest first. Most say the second alone; what came first in it is in their names, `pod.17f1c2a4b5d6e7f8`. Pure. */
export function readEvents(answers: readonly unknown[]): readonly TaskEvent[] {
  return answers
    .flatMap((answer) => listOf(fieldsOf(answer)['items']))
    .map((event) => ({ event: readEvent(event), moment: momentOf(event) }))
    .sort((a, b) => compare(a.event.at ?? '', b.event.at ?? '') || compare(a.moment, b.moment))
    .map(({ event }) => event);
}

function momentOf({ metadata }: Readonly<Record<string, unknown>>): string {
  return /\.([0-9a-f]+)$/.exec(textOf(fieldsOf(metadata)['name']))?.[1] ?? '';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function readEvent(event: Readonly<Record<string, unknown>>): TaskEvent {
  const says = textOf(event['message']).trim().slice(0, longest);
  const { count, at } = timesOf(event);
  return {
    ...(at === undefined ? {} : { at }),
    reason: textOf(event['reason']),
    ...(says === '' ? {} : { says }),
    ...(event['type'] === 'Warning' ? { isWarning: true } : {}),
    ...(typeof count === 'number' && count > 1 ? { count } : {}),
  };
}

/** The scheduler writes events of the newer kind, which have one time, and a series once they come again. */
function timesOf(event: Readonly<Record<string, unknown>>): { readonly count: unknown; readonly at?: string } {
  const series = fieldsOf(event['series']);
  const times = [series['lastObservedTime'], event['lastTimestamp'], event['eventTime'], event['firstTimestamp']];
  const time = Date.parse(textOf(times.find((one) => textOf(one) !== '')));
  return {
    count: series['count'] ?? event['count'],
    ...(Number.isNaN(time) ? {} : { at: new Date(time - (time % 1_000)).toISOString() }),
  };
}
