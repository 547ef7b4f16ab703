import type {
  ComputingResource,
  ContainerEngine,
  ContainerOperator,
  EngineStatus,
  Host,
  Registry,
  StatusOptions,
} from '@stele/sdk';
import { hasCode, messageOf, SteleError } from '@stele/sdk';
import { confOf } from './conf.ts';

/** One engine that may be there, on one host. */
export interface Candidate {
  readonly id: string;
  readonly engine: ContainerEngine;
  readonly operator: ContainerOperator;
}

/** A candidate that answered. */
export interface Usable extends Candidate {
  readonly status: EngineStatus;
}

/** Engines of the active plugins that a resource may use, the preferred first. */
export class EngineOrder {
  readonly #registry: Registry<ContainerEngine>;

  constructor(registry: Registry<ContainerEngine>) {
    this.#registry = registry;
  }

  /** All that may be there. */
  candidates(resource: ComputingResource, host: Host): readonly Candidate[] {
    return this.#ids(resource).flatMap((id) => {
      const engine = this.#registry.get(id);
      return engine?.capabilities.detached ? [{ id, engine, operator: engine.operator(host) }] : [];
    });
  }

  /** The one with this id. UNSUPPORTED when no active plugin adds it. */
  one(id: string, host: Host): Candidate {
    const engine = this.#registry.get(id);
    if (engine?.capabilities.detached) return { id, engine, operator: engine.operator(host) };
    const message = `No active plugin offers the container engine “${id}” for detached containers.`;
    throw new SteleError('UNSUPPORTED', message, { field: 'engine.id' });
  }

  #ids(resource: ComputingResource): readonly string[] {
    if (resource.engines.length > 0) return resource.engines.map(({ id }) => id);
    return [...new Set([...confOf(resource).engines, ...this.#registry.list().map(({ id }) => id)])];
  }
}

/**
 * Those candidates that are there and let us in. One that isn't, or that refuses us, is passed over; one that should answer
 * and doesn't is not: a task of ours might be in it.
 * @throws UNSUPPORTED, with what to install, when there is none; DENIED when one is there that lets nobody in
 */
export async function usable(
  candidates: readonly Candidate[],
  signal: AbortSignal,
  options: StatusOptions = {},
): Promise<readonly Usable[]> {
  const answers = await Promise.all(candidates.map((candidate) => ask(candidate, signal, options)));
  const found = answers.filter((answer): answer is Usable => 'status' in answer);
  if (found.length > 0) return found;
  const problems = answers.flatMap((answer) => ('problem' in answer ? [answer.problem] : []));
  const refusal = problems.find(({ code }) => code === 'DENIED');
  if (refusal !== undefined) throw refusal;
  const reasons = problems.map(messageOf);
  const message = ['No container engine works on this host.', ...reasons].join(' ');
  throw new SteleError('UNSUPPORTED', message, { field: 'engine' });
}

/** What `work` makes of each engine that is there; one that isn't left and holds nothing. */
export async function inEach<C extends Candidate, T>(
  candidates: readonly C[],
  work: (candidate: C) => Promise<T>,
): Promise<readonly { readonly candidate: C; readonly result: T }[]> {
  const results = await Promise.all(candidates.map((candidate) => unlessMissing(candidate, work)));
  return results.flatMap((result) => (result === undefined ? [] : [result]));
}

async function unlessMissing<C extends Candidate, T>(
  candidate: C,
  work: (candidate: C) => Promise<T>,
): Promise<{ readonly candidate: C; readonly result: T } | undefined> {
  try {
    return { candidate, result: await work(candidate) };
  } catch (error) {
    if (hasCode(error, 'UNSUPPORTED')) return undefined;
    throw error;
  }
}

/** The engine that has a container of this name. */
export async function ownerOf<C extends Candidate>(
  candidates: readonly C[],
  name: string,
  signal: AbortSignal,
): Promise<C | undefined> {
  const seen = await inEach(candidates, ({ operator }) => operator.observe([name], signal));
  return seen.find(({ result }) => (result.get(name)?.phase ?? 'absent') !== 'absent')?.candidate;
}

async function ask(
  candidate: Candidate,
  signal: AbortSignal,
  options: StatusOptions,
): Promise<Usable | { readonly problem: SteleError }> {
  try {
    return { ...candidate, status: await candidate.operator.status(signal, options) };
  } catch (error) {
    if (hasCode(error, 'UNSUPPORTED', 'DENIED')) return { problem: error };
    throw error;
  }
}
