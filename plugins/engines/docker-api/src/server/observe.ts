import type { ContainerState, Host } from '@stele/sdk';
import { SteleError } from '@stele/sdk';
import { type ContainerFacts, isSuspect, judge, readFacts, readKernelLog } from '@stele/sdk/oci';
import { isGood, limits } from './http/api.ts';
import { jsonOf } from './http/bodies.ts';
import type { Known } from './known.ts';
import type { Session } from './session.ts';

/** What every container of this engine carries, so that one question finds them all. */
export const ownLabel = 'stele.engine';
/** Of how many the list is not worth its while. */
const few = 3;
/** Questions at a time. */
const lanes = 8;

const purpose = { doing: 'look at containers', limit: limits.question };

/**
 * State of each named container: one list for all, and one more question for each that began or ended since the last time. A name
 * that isn't in the list is asked for by itself: silence is not absence.
 */
export async function observe(
  host: Host,
  session: Session,
  known: Known,
  names: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ContainerState>> {
  const running = names.length <= few ? new Map<string, ContainerFacts>() : await listRunning(session, known, signal);
  const found = new Map<string, ContainerFacts | undefined>(names.map((name) => [name, running.get(name)]));
  await each(
    names.filter((name) => !running.has(name)),
    async (name) => found.set(name, await inspect(session, known, name, signal)),
  );
  const isDoubtful =
    !session.flavour.knowsOutOfMemory && [...found.values()].some((facts) => facts && isSuspect(facts));
  const kernelLog = isDoubtful ? await readKernelLog(host, signal) : '';
  return new Map([...found].map(([name, facts]) => [name, stateOf(session, facts, kernelLog)]));
}

function stateOf({ flavour }: Session, facts: ContainerFacts | undefined, kernelLog: string): ContainerState {
  if (facts === undefined) return { phase: 'absent' };
  return !flavour.knowsOutOfMemory && isSuspect(facts) ? judge(facts, kernelLog) : facts.state;
}

interface Listed {
  readonly Id: string;
  readonly Names: readonly string[];
}

/** Those that run, and were known to run before. */
async function listRunning(session: Session, known: Known, signal: AbortSignal): Promise<Map<string, ContainerFacts>> {
  const { api, greeting } = session;
  const filters = JSON.stringify({ label: [ownLabel], status: ['running'] });
  const path = `${greeting.prefix}/containers/json`;
  const list = await api.json({ method: 'GET', path, query: { all: 'true', filters } }, purpose, signal);
  const running = new Map<string, ContainerFacts>();
  for (const { Id } of listed(list)) {
    const facts = known.get(Id);
    if (facts !== undefined) running.set(facts.name, facts);
  }
  return running;
}

/** The rows of a list. PROTOCOL when it is none. */
export function listed(answer: unknown): readonly Listed[] {
  const isRow = (row: unknown): row is Listed => {
    const { Id, Names } = (row ?? {}) as Partial<Listed>;
    return typeof Id === 'string' && Array.isArray(Names);
  };
  if (Array.isArray(answer) && answer.every(isRow)) return answer;
  throw new SteleError('PROTOCOL', 'The engine’s list of containers can’t be understood.');
}

/** One container, or nothing when the engine positively doesn't know it. */
export async function inspect(
  session: Session,
  known: Known,
  name: string,
  signal: AbortSignal,
): Promise<ContainerFacts | undefined> {
  const { api, flavour } = session;
  const { status, text } = await api.answer(flavour.inspect(name), purpose, signal);
  if (!isGood(status)) {
    const failure = api.failure(status, text, purpose.doing);
    if (status === 404 && failure.code === 'NOT_FOUND') return undefined;
    throw failure;
  }
  const facts = readFacts(flavour.readContainer(jsonOf(text)));
  known.note(facts);
  return facts;
}

async function each(names: readonly string[], work: (name: string) => Promise<unknown>): Promise<void> {
  const rest = [...names];
  const takeNext = async (): Promise<void> => {
    for (let name = rest.pop(); name !== undefined; name = rest.pop()) await work(name);
  };
  await Promise.all(Array.from({ length: lanes }, takeNext));
}
