import { type Call, type ComputingResource, hasCode, messageOf, type Observation, type TaskHandle } from '@stele/sdk';
import { accountOf, type Clusters } from './clusters.ts';
import { confOf } from './conf.ts';
import { observeJob } from './job/judge.ts';
import { namespaceOf, objectName, parseRef, type Place } from './names.ts';
import { judge, judgeGone } from './pod/judge.ts';
import type { PodStore } from './watch/store.ts';

type Seen = ReadonlyMap<string, Observation>;

/** State of many tasks, from what watches have told: the cluster is asked for nothing. */
export async function observe(
  clusters: Clusters,
  resource: ComputingResource,
  tasks: readonly TaskHandle[],
  call: Call,
): Promise<Seen> {
  const groups = [...Map.groupBy(tasks, ({ who }) => accountOf(resource, who)).values()];
  const answers = await Promise.allSettled(groups.map((group) => observeOne(clusters, resource, group, call)));
  // One user's lost key hides one user's tasks; when nobody gets through it is the cluster.
  const [first] = answers;
  if (first?.status === 'rejected' && answers.every(({ status }) => status === 'rejected')) throw first.reason;
  return new Map(
    answers.flatMap((answer, index) =>
      answer.status === 'fulfilled' ? [...answer.value] : hidden(groups[index] ?? [], messageOf(answer.reason)),
    ),
  );
}

async function observeOne(
  clusters: Clusters,
  resource: ComputingResource,
  tasks: readonly TaskHandle[],
  call: Call,
): Promise<Seen> {
  const who = tasks[0]?.who ?? call.who;
  const cluster = clusters.of(resource, { ...call, who });
  const store = await cluster.seen(call.signal);
  const now = Date.now();
  const look = async (task: TaskHandle): Promise<readonly [string, Observation]> => {
    const seen = seenOf(resource, task, store, now);
    return [task.key, !('phase' in seen) ? await observeJob(cluster, seen, call.signal) : seen];
  };
  return new Map(await Promise.all(tasks.map(look)));
}

/** What is known of a task; or where its job is, which has to be asked. */
function seenOf(resource: ComputingResource, task: TaskHandle, store: PodStore, now: number): Observation | Place {
  try {
    const place = placeOf(resource, task);
    const pod = store.get(place);
    if (pod !== undefined) return judge(pod, now);
    const gone = store.gone(place);
    if (gone !== undefined) return judgeGone(gone);
    return place.isJob === true ? place : { phase: 'absent' };
  } catch (error) {
    if (hasCode(error, 'INVALID')) return { phase: 'unknown', reason: messageOf(error) };
    throw error;
  }
}

/** Where a task's pod is: where its reference says, or where it would be put. INVALID for a reference that isn't ours. */
export function placeOf(resource: ComputingResource, { key, ref, who }: TaskHandle): Place {
  const name = objectName(key);
  if (ref !== undefined) return parseRef(ref);
  return { namespace: namespaceOf(confOf(resource).namespace, who), name };
}

function hidden(tasks: readonly TaskHandle[], reason: string): readonly (readonly [string, Observation])[] {
  return tasks.map(({ key }) => [key, { phase: 'unknown', reason }]);
}
