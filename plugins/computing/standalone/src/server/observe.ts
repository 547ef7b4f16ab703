import type { Call, ComputingResource, Host, HostService, Identity, Observation, TaskHandle } from '@stele/sdk';
import { hasCode, messageOf } from '@stele/sdk';
import { containerName, formatRef, observation, parseRef } from './container.ts';
import { type Candidate, type EngineOrder, usableOrNone } from './engines.ts';

type Seen = Map<string, Observation>;

/** State of many tasks: one question to each engine, for each user where users have accounts of their own. */
export async function observe(
  hosts: HostService,
  engines: EngineOrder,
  resource: ComputingResource,
  tasks: readonly TaskHandle[],
  call: Call,
): Promise<ReadonlyMap<string, Observation>> {
  const seen: Seen = new Map();
  const groups = [...Map.groupBy(tasks, ({ who }) => accountOf(resource, who)).values()];
  const failed = await Promise.all(
    groups.map(async (group) => {
      try {
        const who = resource.auth.startsWith('user-') ? (group[0]?.who ?? call.who) : call.who;
        await using host = await hosts.open(resource, { ...call, who });
        await observeOn(host, engines, resource, group, call, seen);
        return undefined;
      } catch (error) {
        for (const { key } of group) seen.set(key, { phase: 'unknown', reason: messageOf(error) });
        return { error };
      }
    }),
  );
  // One user's lost key hides one user's tasks; when nobody gets through it is the resource.
  const first = failed[0];
  if (first !== undefined && failed.every((group) => group !== undefined)) throw first.error;
  return seen;
}

/** Whose account on the host: everybody's is the same unless users bring their own credentials. */
function accountOf({ auth }: ComputingResource, who: Identity): string {
  return auth.startsWith('user-') && who.kind === 'user' ? who.id : '';
}

async function observeOn(
  host: Host,
  engines: EngineOrder,
  resource: ComputingResource,
  tasks: readonly TaskHandle[],
  call: Call,
  seen: Seen,
): Promise<void> {
  const byEngine = Map.groupBy(tasks, ({ ref }) => (ref === undefined ? '' : parseRef(ref).engine));
  const lost = byEngine.get('') ?? [];
  byEngine.delete('');
  for (const [id, group] of byEngine) await observeIn(() => engines.one(id, host), group, call, seen);
  if (lost.length > 0)
    await search(await usableOrNone(engines.candidates(resource, host), call.signal), lost, call, seen);
}

/** An engine that isn't there, or whose plugin isn't, hides its tasks; they may be running. */
async function observeIn(engine: () => Candidate, tasks: readonly TaskHandle[], call: Call, seen: Seen): Promise<void> {
  try {
    const { id, operator } = engine();
    await ask(id, operator, tasks, call, seen);
  } catch (error) {
    if (!hasCode(error, 'UNSUPPORTED')) throw error;
    for (const { key } of tasks) seen.set(key, { phase: 'unknown', reason: messageOf(error) });
  }
}

/** Tasks whose reference was lost in a crash: found by their names, in whichever engine. */
async function search(
  engines: readonly Candidate[],
  tasks: readonly TaskHandle[],
  call: Call,
  seen: Seen,
): Promise<void> {
  for (const { key } of tasks) seen.set(key, { phase: 'absent' });
  let missing = tasks;
  for (const { id, operator } of engines) {
    await ask(id, operator, missing, call, seen);
    missing = missing.filter(({ key }) => seen.get(key)?.phase === 'absent');
  }
}

async function ask(
  id: string,
  operator: Candidate['operator'],
  tasks: readonly TaskHandle[],
  call: Call,
  seen: Seen,
): Promise<void> {
  const names = tasks.map(({ key }) => containerName(key));
  const states = await operator.observe(names, call.signal);
  for (const { key } of tasks) {
    const container = containerName(key);
    const state = states.get(container) ?? { phase: 'absent' };
    seen.set(key, observation(state, formatRef({ engine: id, container })));
  }
}
