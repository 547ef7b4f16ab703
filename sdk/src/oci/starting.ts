import type { ContainerState } from '../engine.ts';
import { hasCode, type SteleError } from '../errors.ts';

/** A random port may be taken between being picked and being bound. */
const attempts = 3;

/** What starting one container is made of, in whichever way an engine is spoken to. Each step is idempotent. */
export interface StartSteps {
  /** Makes its network, where it has one. */
  makeNetwork(): Promise<void>;
  /** Removes a network of its own, where it has one; fine when there is none. */
  removeNetwork(): Promise<void>;
  /** Makes the container, and says whether it did: one that is there already is as good. */
  create(): Promise<boolean>;
  /** Starts it, or says why not. */
  start(): Promise<SteleError | undefined>;
  /** Where it is. */
  phase(): Promise<ContainerState['phase']>;
  /** Removes it and what belongs to it. */
  remove(): Promise<void>;
}

/** Makes a container and starts it, unless it has run before. Nothing is left of one that can't be started. */
export async function startOnce(steps: StartSteps, tries = attempts): Promise<void> {
  const phase = (await createApart(steps)) ? 'created' : await steps.phase();
  if (phase === 'running' || phase === 'ended') return;
  const failure = phase === 'absent' ? undefined : await startCreated(steps);
  if (phase === 'created' && failure === undefined) return;
  if (failure !== undefined && (!isPortTaken(failure) || tries <= 1)) throw failure;
  await startOnce(steps, tries - 1);
}

async function createApart(steps: StartSteps): Promise<boolean> {
  await steps.makeNetwork();
  try {
    return await steps.create();
  } catch (error) {
    // An engine that doesn't answer isn't asked again: `remove` finds what is left.
    if (!hasCode(error, 'UNREACHABLE')) await steps.removeNetwork();
    throw error;
  }
}

/** One that can't be started is removed: it would be taken for one that is about to start. */
async function startCreated(steps: StartSteps): Promise<SteleError | undefined> {
  const failure = await steps.start();
  if (failure !== undefined && (await steps.phase()) === 'created') await steps.remove();
  return failure;
}

function isPortTaken(failure: SteleError): boolean {
  return failure.code === 'CONFLICT' && failure.field === 'port';
}
