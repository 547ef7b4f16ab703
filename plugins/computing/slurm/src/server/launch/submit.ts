import type { AgentProgram, ComputingResource, ContainerEngine, FileTree, Host, ImageFound, Launch } from '@stele/sdk';
import { hasCode } from '@stele/sdk';
import type { Cluster } from '../cluster.ts';
import { confOf } from '../conf.ts';
import { demandOwn, type Folders } from '../home.ts';
import type { Order } from '../scheduler.ts';
import { findJob, firstOf } from './find-job.ts';
import { containerOf } from './container.ts';
import { type Beginning, beginningOf, isBegun } from './begin.ts';
import { fetchImage, findImage } from './image.ts';
import { agentName, agentSettings, jobFiles, orderOf, taskFiles } from './job.ts';
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
  const { launch, cluster, engine, progress } = submission;
  // What can't be expressed is refused before anything is fetched.
  papersOf(submission, launch);
  const finding = findImage({ launch, host: cluster.host, engine, progress, signal: cluster.signal });
  return (await submitAtOnce(submission, finding)) ?? (await submitStepwise(submission, finding));
}

/** As it mostly is: the image is there, nobody submitted the task before, and folders are as they should be. Else nothing. */
async function submitAtOnce(
  submission: Submission,
  finding: Promise<ImageFound | undefined>,
): Promise<string | undefined> {
  const { resource, launch, cluster, folders, agent, progress } = submission;
  const [found] = await Promise.allSettled([finding]);
  if (found.status === 'rejected' || found.value === undefined) return undefined;
  const { order, files } = papersOf(submission, found.value);
  progress('Handing the job to Slurm.');
  const { host } = cluster;
  const beginning = beginningOf({
    ...{ resource, host, folders, key: launch.key },
    ...{ agent: agentName(agent.version), files, script: order.script },
  });
  const handOver = await begin(cluster, order, beginning);
  return handOver && refusable(submission, handOver);
}

/** Makes the folder; then there is something to hand over, if it wasn't at the same time. */
async function begin(
  { host, scheduler, signal }: Cluster,
  order: Order,
  how: Beginning,
): Promise<(() => string | Promise<string>) | undefined> {
  if (scheduler.begin) return scheduler.begin(order, how);
  const isMade = isBegun(await host.exec(how.argv, { stdin: how.stdin }, signal));
  return isMade ? () => scheduler.submit(order) : undefined;
}

/** One thing after the other, each looked at closely. */
async function submitStepwise(submission: Submission, finding: Promise<ImageFound | undefined>): Promise<string> {
  const { resource, launch, cluster, engine, folders, agent, progress } = submission;
  const { host, scheduler, signal } = cluster;
  const known = await knownJob(resource, cluster, folders, launch.key);
  if (known !== undefined) return known;
  const fetched = (await finding) ?? (await fetchImage({ launch, host, engine, progress, signal }));
  const { order, files } = papersOf(submission, fetched);
  progress('Writing the job’s files.');
  const isFirst = await claim(host, folders, launch.key, signal);
  await writeAll(host.files(folders.state), launch.key, files, agent, signal);
  progress('Handing the job to Slurm.');
  const ref = await refusable(submission, () => scheduler.submit(order));
  return isFirst ? ref : await firstOf(scheduler, launch.key, ref);
}

/** A task's job, and what is written into its folder. Pure. */
function papersOf({ resource, launch, engine, folders, agent }: Submission, { image, digest }: ImageFound) {
  const conf = confOf(resource);
  const request = requestOf(launch.options, conf);
  const container = containerOf({ ...launch, image }, engine, conf, request.gpus);
  const settings = { ...agentSettings(conf, container), ...(digest === undefined ? {} : { digest }) };
  const order = orderOf(launch.key, request, conf, jobFiles(folders, launch.key, agent.version));
  return { order, files: taskFiles(container.command, settings) };
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
  const program = agentName(agent.version);
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
async function refusable(
  { cluster: { host, signal }, folders: { tasks }, launch }: Submission,
  handOver: () => string | Promise<string>,
): Promise<string> {
  try {
    return await handOver();
  } catch (error) {
    if (!hasCode(error, 'UNREACHABLE', 'PROTOCOL')) await host.files(tasks).remove(launch.key, signal);
    throw error;
  }
}
