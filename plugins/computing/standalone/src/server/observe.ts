import type { Call, ComputingResource, Host, HostService, Identity, Observation, TaskHandle } from '@stele/sdk';
import { hasCode, messageOf } from '@stele/sdk';
import { containerName, formatRef, observation, parseRef } from './container.ts';
import { type Candidate, type EngineOrder, inEach } from './engines.ts';

type Seen = ReadonlyMap<string, Observation>;

/** State of many tasks: one question to each engine, for each user where users have accounts of their own. */
export async function observe(
  hosts: HostService,
  engines: EngineOrder,
  resource: ComputingResource,
  tasks: readonly TaskHandle[],
  call: Call,
): Promise<Seen> {
  const groups = [...Map.groupBy(tasks, ({ who }) => accountOf(resource, who)).values()];
  const answers = await Promise.allSettled(
    groups.map(async (group) => {
      const who = resource.auth.startsWith('user-') ? (group[0]?.who ?? call.who) : call.who;
      await using host = await hosts.open(resource, { ...call, who });
      return await observeOn(host, engines, resource, group, call.signal);
    }),
  );
  // One user's lost key hides one user's tasks; when nobody gets through it is the resource.
  const [first] = answers;
  if (first?.status === 'rejected' && answers.every(({ status }) => status === 'rejected')) throw first.reason;
  return joined(
    answers.map((answer, index) =>
      answer.status === 'fulfilled' ? answer.value : hidden(groups[index] ?? [], messageOf(answer.reason)),
    ),
  );
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
  signal: AbortSignal,
): Promise<Seen> {
  const places = Map.groupBy(tasks, placeOf);
  const wrong = places.get(damaged) ?? [];
  const adrift = places.get(lost) ?? [];
  const byEngine = [...places].filter(([place]) => place !== damaged && place !== lost);
  return joined([
    hidden(wrong, 'Its reference is damaged.'),
    adrift.length === 0 ? new Map() : await search(engines.candidates(resource, host), adrift, signal),
    ...(await Promise.all(byEngine.map(([id, group]) => observeIn(() => engines.one(id, host), group, signal)))),
  ]);
}

const lost = '?';
const damaged = '!';

/** The engine's id, or what became of the reference. */
function placeOf({ ref }: TaskHandle): string {
  try {
    return ref === undefined ? lost : parseRef(ref).engine;
  } catch (error) {
    if (hasCode(error, 'INVALID')) return damaged;
    throw error;
  }
}

/** An engine that isn't there, or whose plugin isn't, hides its tasks; they may be running. */
async function observeIn(engine: () => Candidate, tasks: readonly TaskHandle[], signal: AbortSignal): Promise<Seen> {
  try {
    return await ask(engine(), tasks, signal);
  } catch (error) {
    if (hasCode(error, 'UNSUPPORTED')) return hidden(tasks, messageOf(error));
    throw error;
  }
}

/** Tasks whose reference was lost in a crash: found by their names, in whichever engine. */
async function search(
  candidates: readonly Candidate[],
  tasks: readonly TaskHandle[],
  signal: AbortSignal,
): Promise<Seen> {
  const answers = await inEach(candidates, (candidate) => ask(candidate, tasks, signal));
  return new Map(tasks.map(({ key }) => [key, first(answers.map(({ result }) => result.get(key)))]));
}

/** What an engine says of a task that isn't absent there. */
function first(observations: readonly (Observation | undefined)[]): Observation {
  return observations.find((seen) => seen !== undefined && seen.phase !== 'absent') ?? { phase: 'absent' };
}

async function ask({ id, operator }: Candidate, tasks: readonly TaskHandle[], signal: AbortSignal): Promise<Seen> {
  const names = tasks.map(({ key }) => containerName(key));
  const states = await operator.observe(names, signal);
  return new Map(
    tasks.map(({ key }) => {
      const container = containerName(key);
      const ref = formatRef({ engine: id, container });
      return [key, observation(states.get(container) ?? { phase: 'absent' }, ref)];
    }),
  );
}

function hidden(tasks: readonly TaskHandle[], reason: string): Seen {
  return new Map(tasks.map(({ key }) => [key, { phase: 'unknown', reason }]));
}

function joined(parts: readonly Seen[]): Seen {
  return new Map(parts.flatMap((part) => [...part]));
}
