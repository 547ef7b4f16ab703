import type { Task } from '@aws-sdk/client-ecs';
import { type Call, hasCode, type Launch, SteleError } from '@stele/sdk';
import type { Cloud } from '../aws/cloud.ts';
import { givenUp } from '../aws/failures.ts';
import { refusalOf } from '../aws/refusals.ts';
import type { Conf } from '../conf.ts';
import { findRunning } from '../find.ts';
import { startingWords, stopFacts } from '../observe/observation.ts';
import { wordsOf } from '../observe/ending.ts';
import { imageError } from '../observe/start-failures.ts';
import { pause } from '../pause.ts';
import { idOf, refOf, startedBy } from '../ref.ts';
import type { Timing } from '../timing.ts';
import { definitionOf } from './definition.ts';
import type { Definitions } from './definitions.ts';
import { checkLaunch, runRequest } from './request.ts';

/** What a submission works with. */
export interface Submitting {
  readonly cloud: Cloud;
  readonly conf: Conf;
  readonly definitions: Definitions;
  /** Families of which a task has fetched its image: of the next ones nobody waits to hear. */
  readonly proven: Set<string>;
  readonly timing: Timing;
  /** Takes away a task that is of no use to anybody. */
  readonly discard: (id: string) => Promise<void>;
}

/** Milliseconds for ECS to say whether it runs a task: who has left is not heard before. */
const answering = 45_000;
/** Milliseconds that a task is looked for whose submission was ended. */
const finding = 10_000;

/** As many families are remembered at most; then anew. */
const mostProven = 1_000;

/** Runs a task, once for its key, and waits until its image is known to be there. */
export async function submit(
  parts: Submitting,
  launch: Launch,
  progress: (reason: string) => void,
  { signal }: Call,
): Promise<string> {
  checkLaunch(launch);
  const { family } = definitionOf(launch, parts.conf);
  progress('AWS is asked for a machine.');
  const known = await findRunning(parts.cloud, startedBy(launch.key), signal);
  const id = known ?? (await run(parts, launch, signal));
  const task = await settled(parts, id, parts.proven.has(family), progress, signal).catch(async (error: unknown) => {
    if (signal.aborted) await findable(parts, launch.key);
    throw error;
  });
  const error = faultOf(task);
  if (error !== undefined) {
    await parts.discard(id);
    throw error;
  }
  if (hasImage(task)) remember(parts.proven, family);
  return refOf(task);
}

function remember(proven: Set<string>, family: string): void {
  if (proven.size >= mostProven) proven.clear();
  proven.add(family);
}

/** @returns the task’s id */
async function run({ cloud, conf, definitions }: Submitting, launch: Launch, signal: AbortSignal): Promise<string> {
  const definition = definitionOf(launch, conf);
  const place = `${conf.endpoint ?? ''} ${conf.region} ${conf.executionRole}`;
  const request = async () => runRequest(launch, conf, await definitions.arnOf(cloud, place, definition, signal));
  try {
    return await runOnce(cloud, await request(), signal);
  } catch (error) {
    if (!isOfDefinition(error)) throw error;
    // Somebody has taken it away since.
    definitions.forget(place, definition);
    return runOnce(cloud, await request(), signal);
  }
}

function isOfDefinition(error: unknown): boolean {
  return hasCode(error, 'PROTOCOL') && /task ?definition/i.test(error.raw ?? '');
}

async function runOnce(cloud: Cloud, request: ReturnType<typeof runRequest>, signal: AbortSignal): Promise<string> {
  if (signal.aborted) throw givenUp();
  try {
    // Not ended by `signal`: what ECS has begun to run, and nobody has heard of, would run for ever.
    const { tasks = [], failures = [] } = await cloud.run(request, AbortSignal.timeout(answering));
    const [task] = tasks;
    if (task !== undefined) return idOf(task.taskArn);
    const words = failures.map(({ reason, detail }) => [reason, detail].filter(Boolean).join(': ')).join('; ');
    throw refusalOf(words) ?? new SteleError('PROTOCOL', 'ECS doesn’t run the task.', { raw: words });
  } catch (error) {
    if (hasCode(error, 'CONFLICT') && error.raw !== undefined) return idOf(error.raw);
    throw error;
  }
}

/**
 * Waits until a task is found by its key: whoever ends a submission looks for what it has made, to take it up again or to stop
 * it, and ECS may not show it yet.
 */
async function findable({ cloud, timing }: Submitting, key: string): Promise<void> {
  const signal = AbortSignal.timeout(finding);
  while ((await findRunning(cloud, startedBy(key), signal)) === undefined) await pause(timing.poll, signal);
}

/** The task as soon as ECS shows it and, unless its image is known to be good, as soon as that is fetched or can’t be. */
async function settled(
  { cloud, timing }: Submitting,
  id: string,
  isProven: boolean,
  progress: (reason: string) => void,
  signal: AbortSignal,
): Promise<Task> {
  const from = performance.now();
  for (;;) {
    const task = (await cloud.describe([id], signal)).tasks.get(id);
    const took = performance.now() - from;
    if (task !== undefined && (isProven || isDecided(task) || took > timing.image)) return task;
    if (task === undefined && took > timing.consistency) {
      throw new SteleError('UNREACHABLE', 'ECS has made the task, and doesn’t show it.');
    }
    progress((task && startingWords(task)) ?? 'AWS gets a machine ready.');
    await pause(timing.poll, signal);
  }
}

function isDecided(task: Task): boolean {
  return hasImage(task) || task.lastStatus === 'STOPPED' || faultOf(task) !== undefined;
}

/** What is wrong with its image: ECS says so before the task has stopped. */
function faultOf(task: Task): SteleError | undefined {
  return hasImage(task) ? undefined : imageError(wordsOf(stopFacts(task)));
}

function hasImage({ pullStoppedAt, startedAt, lastStatus }: Task): boolean {
  return pullStoppedAt !== undefined || startedAt !== undefined || lastStatus === 'RUNNING';
}
