import type { ComputingResource, ContainerEngine, EngineStatus, Host, Registry } from '@stele/sdk';
import { hasCode, SteleError } from '@stele/sdk';
import { confOf } from '../conf.ts';

/** An engine that answered on the login node. */
export interface EngineFound {
  readonly id: string;
  readonly title: string;
  readonly engine: ContainerEngine;
  readonly status?: EngineStatus;
}

/** An engine to run a task in. */
export interface ChosenEngine {
  readonly id: string;
  readonly engine: ContainerEngine;
}

/** Engines that a resource may use, the preferred first. */
function candidates(resource: ComputingResource, engines: Registry<ContainerEngine>): readonly ChosenEngine[] {
  const preferred = [...confOf(resource).engines, ...engines.list().map(({ id }) => id)];
  const ids = resource.engines.length > 0 ? resource.engines.map(({ id }) => id) : preferred;
  return [...new Set(ids)].flatMap((id) => {
    const engine = engines.get(id);
    return engine?.capabilities.foreground ? [{ id, engine }] : [];
  });
}

/**
 * Engines that tasks may run in: those the resource names, whether or not the login node has them; else those that answer
 * there, since login node and compute nodes mostly have the same software.
 */
export async function findEngines(
  resource: ComputingResource,
  engines: Registry<ContainerEngine>,
  host: Host,
  signal: AbortSignal,
): Promise<readonly EngineFound[]> {
  const found = await Promise.all(candidates(resource, engines).map((one) => ask(one, host, signal)));
  const isNamed = resource.engines.length > 0;
  return found.filter(({ status }) => isNamed || status !== undefined);
}

async function ask({ id, engine }: ChosenEngine, host: Host, signal: AbortSignal): Promise<EngineFound> {
  try {
    return { id, engine, title: engine.title, status: await engine.operator(host).status(signal) };
  } catch (error) {
    if (signal.aborted || !hasCode(error, 'UNSUPPORTED', 'DENIED', 'UNREACHABLE')) throw error;
    return { id, engine, title: engine.title };
  }
}

/** Engines that tasks may run in where nobody can look: those that the resource names, else its preference. */
export function nameEngines(resource: ComputingResource, engines: Registry<ContainerEngine>): readonly EngineFound[] {
  const isNamed = resource.engines.length > 0;
  const all = candidates(resource, engines);
  const offered = isNamed ? all : all.filter(({ id }) => confOf(resource).engines.includes(id));
  return offered.map(({ id, engine }) => ({ id, engine, title: engine.title }));
}

/** The engine that a launch names, or the first that is named. UNSUPPORTED when there is none. */
export function chooseNamed(
  resource: ComputingResource,
  engines: Registry<ContainerEngine>,
  wanted: string | undefined,
): ChosenEngine {
  return chosen(engines, wanted ?? nameEngines(resource, engines)[0]?.id);
}

/** The engine that a launch names, or the first that is there. UNSUPPORTED when there is none. */
export async function chooseEngine(
  resource: ComputingResource,
  engines: Registry<ContainerEngine>,
  wanted: string | undefined,
  host: Host,
  signal: AbortSignal,
): Promise<ChosenEngine> {
  return chosen(engines, wanted ?? (await findEngines(resource, engines, host, signal))[0]?.id);
}

function chosen(engines: Registry<ContainerEngine>, id: string | undefined): ChosenEngine {
  const engine = id === undefined ? undefined : engines.get(id);
  if (id !== undefined && engine?.capabilities.foreground) return { id, engine };
  const message =
    id === undefined
      ? 'No container engine answers on the cluster’s login node. Name those of the compute nodes in the resource’s settings.'
      : `No active plugin offers the container engine “${id}” for jobs.`;
  throw new SteleError('UNSUPPORTED', message, { field: 'engine' });
}
