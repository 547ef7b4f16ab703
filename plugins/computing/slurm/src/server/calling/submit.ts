import type { AgentProgram, CallbackService, ComputingResource, ContainerEngine, Launch } from '@stele/sdk';
import { hasCode } from '@stele/sdk';
import { type Conf, confOf } from '../conf.ts';
import { jobName } from '../grammar.ts';
import { containerOf } from '../launch/container.ts';
import { findByKey, firstOf } from '../launch/find-job.ts';
import { agentSettings, taskFiles } from '../launch/job.ts';
import { requestOf } from '../launch/request.ts';
import type { Order, Scheduler } from '../scheduler.ts';
import { parcelOf } from './parcel.ts';
import { callingScript } from './script.ts';

/** All that a submission needs. */
export interface CallingSubmission {
  readonly resource: ComputingResource;
  readonly launch: Launch;
  readonly scheduler: Scheduler;
  readonly engine: ContainerEngine;
  readonly agent: AgentProgram;
  readonly callbacks: CallbackService;
}

/** Where a task's calls may come from. Pure. */
export function callersOf({ callers, networks }: Conf): readonly string[] {
  return callers.length > 0 ? callers : networks;
}

/** A job that reads nothing of a folder, and is never queued again: its ticket is good once. Pure. */
export function callingOrder(launch: Launch, conf: Conf, script: string): Order {
  const name = jobName(launch.key);
  return { name, request: requestOf(launch.options, conf), requeue: false, output: '/dev/null', script };
}

/** Submits once. That its calls are waited for is the claim: who finds that looks for the job first. */
export async function submit(submission: CallingSubmission, progress: (reason: string) => void): Promise<string> {
  const { resource, launch, scheduler, engine, agent, callbacks } = submission;
  const conf = confOf(resource);
  const container = containerOf(launch, engine, conf, requestOf(launch.options, conf).gpus);
  const wasClaimed = (await callbacks.read(resource.id, [launch.key])).has(launch.key);
  const known = wasClaimed ? await findByKey(scheduler, launch.key) : undefined;
  if (known !== undefined) return known;
  const files = taskFiles(container.command, agentSettings(conf, container));
  const waiting = { resource: resource.id, key: launch.key, networks: callersOf(conf), parcel: parcelOf(files) };
  const place = await callbacks.open(waiting);
  const script = callingScript({
    place,
    agent,
    ...(conf.sandbox === undefined ? {} : { sandbox: conf.sandbox }),
    ...(conf.callCa === undefined ? {} : { ca: conf.callCa }),
  });
  progress('Handing the job to Slurm.');
  const ref = await handOver(submission, callingOrder(launch, conf, script));
  return wasClaimed ? await firstOf(scheduler, launch.key, ref) : ref;
}

/** A refusal ends the waiting; what may have arrived all the same is looked for next time. */
async function handOver({ resource, launch, scheduler, callbacks }: CallingSubmission, order: Order): Promise<string> {
  try {
    return await scheduler.submit(order);
  } catch (error) {
    if (!hasCode(error, 'UNREACHABLE', 'PROTOCOL')) await callbacks.close(resource.id, launch.key);
    throw error;
  }
}
