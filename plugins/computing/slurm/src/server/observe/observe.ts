import type { Call, ComputingResource, Host, HostService, Observation, TaskHandle } from '@stele/sdk';
import { hasCode, messageOf } from '@stele/sdk';
import { type Group, groupsOf, openFor } from '../accounts.ts';
import { chunks } from '../chunks.ts';
import type { Cluster, OpenCluster } from '../cluster.ts';
import { isRef, jobName } from '../grammar.ts';
import { foldersOf } from '../home.ts';
import type { Job } from '../job.ts';
import { type Evidence, judge } from './judge.ts';
import { parseRecords, type Record, recordQuestion, unseen } from './record.ts';
import type { Whose } from '../scheduler.ts';
import { meaningOf } from './states.ts';

type Seen = ReadonlyMap<string, Observation>;
type Jobs = ReadonlyMap<string, Job>;

/** Files in one command line. */
const foldersAtOnce = 300;

/** Remembers which runs of jobs were seen with their containers running: their records needn't be read again. */
export interface SeenRunning {
  has(task: string, job: Job): boolean;
  /** Where it was seen running, by the controller's word; the container's node first. */
  nodesOf(task: string): readonly string[];
  add(task: string, job: Job): void;
  forget(task: string): void;
}

/** What observing needs. */
export interface Scene {
  readonly hosts: HostService;
  readonly openCluster: OpenCluster;
  readonly resource: ComputingResource;
  readonly seenRunning: SeenRunning;
  readonly call: Call;
}

/**
 * State of many tasks: one `squeue` for all of them with the first account that works; then, for each account, one `sacct`
 * for what the queue doesn't know and one look at the records of tasks whose containers weren't seen running yet.
 */
export async function observe(scene: Scene, tasks: readonly TaskHandle[]): Promise<Seen> {
  const damaged = tasks.filter(({ ref }) => ref !== undefined && !isRef(ref));
  const whole = tasks.filter((task) => !damaged.includes(task));
  const groups = groupsOf(scene.resource, whole, scene.call);
  const wrong = hidden(damaged, 'Its reference is damaged.');
  if (groups.length === 0) return wrong;
  const { jobs, asker } = await askQueue(scene, groups);
  forgetEnded(scene, whole, jobs);
  const parts = await Promise.all(groups.map((group) => settle(scene, group, jobs, group === asker)));
  return new Map([wrong, ...parts].flatMap((part) => [...part]));
}

/** One question for all; another account's credentials only where the first fails. */
async function askQueue(scene: Scene, groups: readonly Group[]): Promise<{ jobs: Jobs; asker: Group }> {
  const tasks = groups.flatMap((group) => group.tasks);
  let first: unknown;
  for (const group of groups) {
    try {
      await using host = await openFor(scene.hosts, scene.resource, group.who, scene.call);
      return { jobs: await queueOf(clusterOn(scene, host), tasks, 'all'), asker: group };
    } catch (error) {
      first ??= error;
      // A log-in that is refused is one user's trouble; a scheduler that doesn't answer is everybody's.
      if (scene.call.signal.aborted || !hasCode(error, 'DENIED', 'INVALID', 'NOT_FOUND')) throw error;
    }
  }
  throw first;
}

function clusterOn({ openCluster, resource, call }: Scene, host: Host): Cluster {
  return openCluster(resource, host, call.signal);
}

/** Of everybody's jobs, those alone count whose number is known. */
async function queueOf({ scheduler }: Cluster, tasks: readonly TaskHandle[], whose: Whose): Promise<Jobs> {
  const jobs = await scheduler.jobs(
    tasks.map(({ key }) => jobName(key)),
    whose,
  );
  return byKey(jobs, whose === 'all' ? tasks.filter(({ ref }) => ref !== undefined) : tasks);
}

/** One job for each task: the one that its reference names; without one the first, since a second one of a name never runs. */
function byKey(jobs: readonly Job[], tasks: readonly TaskHandle[]): Jobs {
  const refs = new Map(tasks.map(({ key, ref }) => [key, ref]));
  const best = new Map<string, Job>();
  for (const job of [...jobs].sort((one, other) => Number(one.id) - Number(other.id))) {
    const ref = refs.get(job.key);
    if (refs.has(job.key) && (ref === undefined ? !best.has(job.key) : ref === job.id)) best.set(job.key, job);
  }
  return best;
}

/** What is to be known of one account's tasks. When its host can't be opened, what the queue said still holds. */
async function settle(scene: Scene, group: Group, jobs: Jobs, hasAsked: boolean): Promise<Seen> {
  const open = group.tasks.filter((task) => needsMore(scene, task, jobs.get(task.key)));
  const done = judgeAll(
    group.tasks.filter((task) => !open.includes(task)),
    jobs,
    new Map(),
    new Map(),
  );
  if (open.length === 0) return done;
  try {
    await using host = await openFor(scene.hosts, scene.resource, group.who, scene.call);
    return new Map([...done, ...(await lookCloser(scene, host, open, jobs, hasAsked))]);
  } catch (error) {
    if (scene.call.signal.aborted) throw error;
    const known = open.filter(({ key }) => isAlive(jobs.get(key)));
    const others = open.filter((task) => !known.includes(task));
    return new Map([...done, ...judgeAll(known, jobs, new Map(), new Map()), ...hidden(others, messageOf(error))]);
  }
}

function isAlive(job: Job | undefined): boolean {
  return job !== undefined && meaningOf(job.state)?.phase !== 'ended';
}

/** A job that waits needs no second look, nor does one whose container was seen running. */
function needsMore({ resource, seenRunning }: Scene, { key }: TaskHandle, job: Job | undefined): boolean {
  if (job === undefined) return true;
  const phase = meaningOf(job.state)?.phase;
  return phase === 'ended' || (phase === 'running' && !seenRunning.has(`${resource.id}/${key}`, job));
}

async function lookCloser(
  scene: Scene,
  host: Host,
  tasks: readonly TaskHandle[],
  queue: Jobs,
  hasAsked: boolean,
): Promise<Seen> {
  const cluster = clusterOn(scene, host);
  // Where jobs are private, one account doesn't see another's. A job without a number is told by its account.
  const missing = tasks.filter(({ key, ref }) => !queue.has(key) && (!hasAsked || ref === undefined));
  const own = missing.length === 0 ? new Map<string, Job>() : await queueOf(cluster, missing, 'own');
  const jobs = new Map([...queue, ...own]);
  const [booked, records] = await Promise.all([
    accountsOf(
      cluster,
      tasks.filter(({ key }) => isForAccounting(jobs.get(key))),
    ),
    recordsOf(
      scene,
      host,
      tasks.map(({ key }) => key),
    ),
  ]);
  remember(scene, tasks, jobs, records);
  return judgeAll(tasks, jobs, booked, records);
}

/** Accounting knows how jobs ended that the controller has forgotten, and who cancelled one. */
function isForAccounting(job: Job | undefined): boolean {
  return job === undefined || job.state.startsWith('CANCELLED');
}

function judgeAll(
  tasks: readonly TaskHandle[],
  jobs: Jobs,
  booked: ReadonlyMap<string, Evidence['accounting']>,
  records: ReadonlyMap<string, Record>,
): Seen {
  return new Map(
    tasks.map(({ key }) => [
      key,
      judge({ queue: jobs.get(key), accounting: booked.get(key) ?? 'unseen', record: records.get(key) ?? unseen }),
    ]),
  );
}

/** What accounting says of each task. It may be slow or down: that takes nothing from what the controller said. */
async function accountsOf(
  { scheduler }: Cluster,
  tasks: readonly TaskHandle[],
): Promise<ReadonlyMap<string, Evidence['accounting']>> {
  const all = (answer: Evidence['accounting']) => new Map(tasks.map(({ key }) => [key, answer] as const));
  if (tasks.length === 0) return new Map();
  try {
    const wanted = tasks.map(({ key, ref }) => ({ name: jobName(key), ...(ref === undefined ? {} : { id: ref }) }));
    const jobs = await scheduler.booked(wanted);
    if (jobs === 'none') return all('none');
    return new Map<string, Evidence['accounting']>([...all('absent'), ...byKey(jobs, tasks)]);
  } catch (error) {
    if (hasCode(error, 'UNREACHABLE', 'PROTOCOL', 'DENIED')) return all('unseen');
    throw error;
  }
}

async function recordsOf(
  { resource, call }: Scene,
  host: Host,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Record>> {
  const { tasks } = await foldersOf(resource, host, call.signal);
  const found = new Map<string, Record>();
  for (const part of chunks(keys, foldersAtOnce)) {
    const answer = await host.exec(recordQuestion(tasks, part), {}, call.signal);
    for (const [key, record] of parseRecords(tasks, part, answer)) found.set(key, record);
  }
  return found;
}

function remember(scene: Scene, tasks: readonly TaskHandle[], jobs: Jobs, records: ReadonlyMap<string, Record>): void {
  for (const { key } of tasks) {
    const job = jobs.get(key);
    const isUp = job !== undefined && isAlive(job) && records.get(key)?.status?.phase === 'running';
    if (isUp) scene.seenRunning.add(`${scene.resource.id}/${key}`, job);
  }
}

function forgetEnded({ resource, seenRunning }: Scene, tasks: readonly TaskHandle[], jobs: Jobs): void {
  for (const { key } of tasks) {
    const job = jobs.get(key);
    if (job === undefined || meaningOf(job.state)?.phase !== 'running') seenRunning.forget(`${resource.id}/${key}`);
  }
}

function hidden(tasks: readonly TaskHandle[], reason: string): Seen {
  return new Map(tasks.map(({ key }) => [key, { phase: 'unknown', reason }]));
}
