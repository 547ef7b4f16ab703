import type { AgentProgram, ComputingResource, ContainerEngine, FileTree, Host, ImageRef, Launch } from '@stele/sdk';
import { hasCode } from '@stele/sdk';
import type { Cluster } from '../cluster.ts';
import { confOf } from '../conf.ts';
import { demandOwn, type Folders } from '../home.ts';
import type { Order } from '../scheduler.ts';
import { findJob, firstOf } from './find-job.ts';
import { containerOf } from './container.ts';
import { fetchImage, findImage } from './image.ts';
import { agentSettings, jobFiles, orderOf, taskFiles } from './job.ts';
import { requestOf } from './request.ts';

/** All that a submission needs. */
export interface Submission {
  readonly resource: ComputingResource;
  readonly launch: Launch;
  readonly cluster: Cluster;
  readonly engine: ContainerEngine;
  readonly folders: Folders;
  readonly agent: AgentProgram;
  readonly progress: (reason: string) => void;
}

/** Submits once. Making the task's folder is the claim: who finds it there looks for the job first. */
export async function submit(submission: Submission): Promise<string> {
  const { resource, launch, cluster, engine, folders, agent, progress } = submission;
  const { host, signal } = cluster;
  const conf = confOf(resource);
  const request = requestOf(launch.options, conf);
  const containerWith = (image: ImageRef) => containerOf({ ...launch, image }, engine, conf, request.gpus);
  // What can't be expressed is refused before anything is fetched.
  containerWith(launch.image);
  const fetching = { launch, host, engine, progress, signal };
  // Looked for meanwhile; what comes of that matters only where there is no job yet.
  const finding = findImage(fetching);
  void Promise.allSettled([finding]);
  const known = await knownJob(resource, cluster, folders, launch.key);
  if (known !== undefined) return known;
  const { image, digest } = (await finding) ?? (await fetchImage(fetching));
  const container = containerWith(image);
  progress('Writing the job’s files.');
  const files = jobFiles(folders, launch.key, agent.version);
  const isFirst = await claim(host, folders, launch.key, signal);
  await writeAll(
    host.files(folders.state),
    launch.key,
    taskFiles(container.command, {
      ...agentSettings(conf, container),
      ...(digest === undefined ? {} : { digest }),
    }),
    agent,
    signal,
  );
  progress('Handing the job to Slurm.');
  const ref = await handOver(submission, orderOf(launch.key, request, conf, files));
  return isFirst ? ref : await firstOf(cluster.scheduler, launch.key, ref);
}

/** The job that an earlier submission of this task made. */
async function knownJob(
  resource: ComputingResource,
  cluster: Cluster,
  folders: Folders,
  key: string,
): Promise<string | undefined> {
  const { signal } = cluster;
  const { tasks } = folders;
  await cluster.host.ensureFolder(tasks, 0o700, signal);
  await demandOwn(resource, folders, cluster.host, signal);
  if (!(await exists(cluster.host.files(tasks), key, signal))) return undefined;
  return findJob(cluster, `${tasks}/${key}`, key);
}

async function exists(tree: FileTree, path: string, signal: AbortSignal): Promise<boolean> {
  try {
    await tree.stat(path, signal);
    return true;
  } catch (error) {
    if (hasCode(error, 'NOT_FOUND')) return false;
    throw error;
  }
}

/** Whether nobody was here before. */
async function claim(host: Host, { tasks }: Folders, key: string, signal: AbortSignal): Promise<boolean> {
  try {
    await host.files(tasks).makeFolder(key, signal);
    return true;
  } catch (error) {
    if (hasCode(error, 'CONFLICT')) return false;
    throw error;
  }
}

async function writeAll(
  tree: FileTree,
  key: string,
  files: Readonly<Record<string, string>>,
  agent: AgentProgram,
  signal: AbortSignal,
): Promise<void> {
  const own = Object.entries(files).map(([name, text]) => write(tree, `tasks/${key}/${name}`, text, signal));
  const program = `agent-${agent.version}.sh`;
  const shared = (await exists(tree, program, signal)) ? [] : [write(tree, program, agent.text, signal)];
  await Promise.all([...own, ...shared]);
}

async function write(tree: FileTree, path: string, text: string, signal: AbortSignal): Promise<void> {
  await tree.write(path, bytes(text), { overwrite: true, mode: 0o600 }, signal);
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** A refusal takes the folder away; what may have arrived all the same keeps it, and is looked for next time. */
async function handOver(
  { cluster: { host, scheduler, signal }, folders: { tasks }, launch }: Submission,
  order: Order,
): Promise<string> {
  try {
    return await scheduler.submit(order);
  } catch (error) {
    if (!hasCode(error, 'UNREACHABLE', 'PROTOCOL')) await host.files(tasks).remove(launch.key, signal);
    throw error;
  }
}
