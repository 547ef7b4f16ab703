import { type ComputingDriver, type Logger, type Observation, type Registry, SteleError } from '@stele/sdk';
import type { Computing, SecretBox, Task } from '../model/index.ts';
import { resourceOf, said } from '../computing/index.ts';
import { censoredSight, type Opener } from './censored.ts';
import { eachOf } from './each-of.ts';
import { callFor, handleOf } from './handle.ts';
import type { Jobs } from './jobs.ts';
import { plausible } from './plausible.ts';
import type { Prober } from './prober.ts';
import type { Settler } from './settler.ts';
import type { Submitter } from './submitter.ts';
import type { Fence } from '../replicas/index.ts';
import { nextStep, type Stager, type StagingStep, stagingSteps } from '../staging/index.ts';
import { changes, type TaskChange, type TaskStore } from './task-store.ts';
import { transition } from './transition.ts';

const observeLimit = 30_000;
const cancelLimit = 60_000;

/** What a round over one resource works with. */
export interface RoundParts {
  readonly store: TaskStore;
  readonly submitter: Submitter;
  readonly prober: Prober;
  readonly settler: Settler;
  readonly stager: Stager;
  readonly drivers: Registry<ComputingDriver>;
  /** For the settings of the resource. */
  readonly secrets: SecretBox;
  /** For what nobody may repeat. */
  readonly keyring: Opener;
  /** What shows that another process acts by now. */
  readonly fence: Fence;
  readonly log: Logger;
}

/** What goes on beside the rounds of one resource, under the ids of tasks. */
export interface RoundJobs {
  readonly submissions: Jobs;
  readonly cancels: Jobs;
  readonly settlements: Jobs;
  /** Files on their way, under the ids of tasks and their steps. */
  readonly stagings: Jobs;
}

/** What a round found. */
export interface RoundResult {
  /** Tasks to look after. */
  readonly tasks: number;
  /** Whether any of them is in motion. */
  readonly isMoving: boolean;
  /** Whether this round has changed any of them. */
  readonly hasChanged: boolean;
  /** Milliseconds that the resource took to answer; `undefined` when it wasn’t asked. */
  readonly took: number | undefined;
}

/** What one round is told. */
export interface RoundCall {
  readonly signal: AbortSignal;
  /** To be called when work beside the rounds is done. */
  readonly wake: () => void;
  /** Whether the resource didn’t answer the last time: then it is asked one thing, and the rest when it has answered. */
  readonly isAway: boolean;
}

/**
 * One look at one resource: submits what waits, sees everything else in one batch, follows stops, knocks at interfaces,
 * settles what has ended. Throws what the resource throws; tasks keep their state then.
 */
export async function round(
  parts: RoundParts,
  jobs: RoundJobs,
  computing: Computing,
  { signal, wake, isAway }: RoundCall,
): Promise<RoundResult> {
  const rows = await parts.store.unsettled(computing.id);
  if (rows.length === 0) return { tasks: 0, isMoving: false, hasChanged: false, took: undefined };
  parts.fence.demand();
  const scene: Scene = { parts, jobs, computing, driver: driverOf(parts, computing), signal, wake };
  await dropStopped(scene, rows);
  stageAll(scene, rows);
  const live = rows.filter((row) => row.phase !== 'submitting' && row.phase !== 'ended');
  // A resource that was away is asked how its tasks are, or else given one thing to do: not everything that has waited.
  if (!isAway) submitAll(scene, rows);
  else if (live.length === 0) return knock(scene, rows);
  const { observed, hasChanged, took } = await observeAll(scene, live);
  if (isAway) submitAll(scene, rows);
  cancelAsked(scene, observed);
  settleAll(
    scene,
    [...rows, ...observed].filter((row) => row.hasEnded()),
  );
  return { tasks: rows.length, isMoving: rows.length > live.length || observed.some(isMoving), hasChanged, took };
}

/** One piece of work, whose end tells whether the resource is back. */
function knock(scene: Scene, rows: readonly Task[]): RoundResult {
  const [first] = rows.filter((row) => !nextStep(row) && (!row.stopRequestedAt || row.hasEnded()));
  if (first?.hasEnded()) settleAll(scene, [first]);
  else if (first) submitAll(scene, [first]);
  return { tasks: rows.length, isMoving: true, hasChanged: false, took: undefined };
}

/** Submits what nobody has tried to submit yet, out of a round’s turn. What was tried, and didn’t go, is a round’s matter. */
export async function submitUntried(
  parts: RoundParts,
  jobs: RoundJobs,
  computing: Computing,
  { signal, wake }: Omit<RoundCall, 'isAway'>,
): Promise<void> {
  const rows = await parts.store.untried(computing.id);
  if (rows.length === 0) return;
  parts.fence.demand();
  if (signal.aborted) return;
  submitAll({ parts, jobs, computing, driver: driverOf(parts, computing), signal, wake }, rows);
}

interface Scene {
  readonly parts: RoundParts;
  readonly jobs: RoundJobs;
  readonly computing: Computing;
  readonly driver: ComputingDriver;
  readonly signal: AbortSignal;
  readonly wake: () => void;
}

const isMoving = (row: Task): boolean => row.phase !== 'running' || !row.ready || Boolean(row.stopRequestedAt);

function driverOf({ drivers }: RoundParts, computing: Computing): ComputingDriver {
  const driver = drivers.get(computing.driver);
  if (driver) return driver;
  throw new SteleError('UNSUPPORTED', `The plugin that runs “${computing.driver}” resources is not active.`);
}

/** Stopped before anything reached the resource, or in a submission that has been ended since. */
async function dropStopped({ parts, jobs }: Scene, rows: readonly Task[]): Promise<void> {
  for (const row of rows) {
    if (row.phase !== 'submitting' || !row.stopRequestedAt) continue;
    const isUnderWay = jobs.submissions.isRunning(row.id) || jobs.stagings.isRunning(stagingOf(row.id, 'in'));
    jobs.submissions.abort(row.id);
    jobs.stagings.abort(stagingOf(row.id, 'in'));
    if (!isUnderWay) await parts.store.change(row.id, dropped);
  }
}

const dropped = (fresh: Task): TaskChange =>
  fresh.phase === 'submitting'
    ? { phase: 'ended', outcome: 'cancelled', reason: 'Stopped on request.', endedAt: new Date() }
    : {};

/** Files come before a task begins and go after it has ended; a folder may go in between as well. */
function stageAll({ parts, jobs, signal, wake }: Scene, rows: readonly Task[]): void {
  for (const row of rows) {
    const step = nextStep(row);
    const isLeaving = row.hasEnded() && step !== 'out';
    if (isLeaving) jobs.stagings.abort(stagingOf(row.id, 'out'));
    const others = stagingSteps.filter((other) => other !== step).map((other) => stagingOf(row.id, other));
    if (!step || !parts.stager.isDue(row.id) || others.some((key) => jobs.stagings.isRunning(key))) continue;
    const run = (own: AbortSignal): Promise<void> => parts.stager.run(row.id, step, own);
    jobs.stagings.start(stagingOf(row.id, step), signal, run, wake, row.owner.id);
  }
}

const stagingOf = (id: string, step: StagingStep): string => `${id} ${step}`;

function submitAll({ parts, jobs, driver, signal, wake }: Scene, rows: readonly Task[]): void {
  for (const row of rows) {
    if (row.phase !== 'submitting' || row.stopRequestedAt || nextStep(row)) continue;
    jobs.submissions.start(row.id, signal, (own) => parts.submitter.submit(row, driver, own), wake);
  }
}

interface Observed {
  /** The rows as they are now, without those that are gone. */
  readonly observed: Task[];
  readonly hasChanged: boolean;
  readonly took: number | undefined;
}

async function observeAll(scene: Scene, live: readonly Task[]): Promise<Observed> {
  if (live.length === 0) return { observed: [], hasChanged: false, took: undefined };
  const from = performance.now();
  const call = callFor({ kind: 'platform' }, scene.parts.log, scene.signal, observeLimit);
  const seen = await scene.driver.observe(resourceOf(scene.computing, scene.parts.secrets), live.map(handleOf), call);
  const took = performance.now() - from;
  const rows = await eachOf(live, (row) => follow(scene, row, plausible(seen.get(row.key) ?? unseen)));
  return {
    observed: rows.filter((row) => row !== undefined),
    hasChanged: rows.some((row, at) => row !== live[at]),
    took,
  };
}

const unseen: Observation = { phase: 'unknown', reason: 'The resource said nothing about this task.' };

async function follow(
  { parts, driver, computing, signal }: Scene,
  row: Task,
  told: Observation,
): Promise<Task | undefined> {
  const seen = await censoredSight(parts.keyring, row, told);
  const knocks = seen.phase === 'running' && !row.ready && !row.stopRequestedAt;
  const probe = knocks
    ? await parts.prober.probe(driver, resourceOf(computing, parts.secrets), row, signal)
    : undefined;
  const changeOf = (fresh: Task): TaskChange => {
    const change = transition(fresh, seen, new Date());
    if (!probe || change.phase !== 'running') return change;
    const reason = probe.isReady || probe.reason === undefined ? null : said(probe.reason);
    return { ...change, ready: probe.isReady, reason };
  };
  // Most rounds change nothing: then the row that was just read will do, and no transaction is begun.
  return changes(row, changeOf(row)) ? parts.store.change(row.id, changeOf) : row;
}

/** Asks again for each end that was asked for and hasn't come: the first request may have been lost with a crash. */
function cancelAsked({ parts, jobs, computing, driver, signal, wake }: Scene, rows: readonly Task[]): void {
  for (const row of rows) {
    if (!row.stopRequestedAt || row.phase === 'ended') continue;
    const task = handleOf(row);
    const cancel = async (own: AbortSignal): Promise<void> => {
      parts.fence.demand();
      await driver.cancel(resourceOf(computing, parts.secrets), task, callFor(task.who, parts.log, own, cancelLimit));
    };
    jobs.cancels.start(row.id, signal, cancel, wake);
  }
}

function settleAll({ parts, jobs, computing, driver, signal, wake }: Scene, ended: readonly Task[]): void {
  for (const row of ended) {
    // What it left is brought back first.
    if (nextStep(row) || stagingSteps.some((step) => jobs.stagings.isRunning(stagingOf(row.id, step)))) continue;
    jobs.settlements.start(row.id, signal, (own) => parts.settler.settle(row, computing, driver, own), wake);
  }
}
