import type { Call, ComputingResource, Observation, TaskHandle } from '@stele/sdk';
import { hasCode, messageOf } from '@stele/sdk';
import { type Group, groupsOf } from '../accounts.ts';
import { isRef, jobName } from '../grammar.ts';
import type { Job } from '../job.ts';
import { type Evidence, judge } from './judge.ts';
import { type Record, unseen } from './record.ts';
import type { Scheduler, Whose } from '../scheduler.ts';
import type { OpenSeat, Seat } from './seat.ts';
import { meaningOf } from './states.ts';

type Seen = ReadonlyMap<string, Observation>;
type Jobs = ReadonlyMap<string, Job>;

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
  readonly open: OpenSeat;
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
  const asked = await askQueue(scene, groups);
  if ('failures' in asked) return new Map([...wrong, ...asked.failures]);
  const { jobs, asker } = asked;
  forgetEnded(scene, whole, jobs);
  const parts = await Promise.all(groups.map((group) => settle(scene, group, jobs, group === asker)));
  return new Map([wrong, ...parts].flatMap((part) => [...part]));
}

/** One question for all; another account's credentials only where the first fails. */
async function askQueue(
  scene: Scene,
  groups: readonly Group[],
): Promise<{ jobs: Jobs; asker: Group } | { failures: Seen }> {
  const tasks = groups.flatMap((group) => group.tasks);
  let first: unknown;
  const failures: [string, Observation][] = [];
  for (const group of groups) {
    try {
      await using seat = await scene.open(group.who);
      return { jobs: await queueOf(seat.scheduler, tasks, 'all'), asker: group };
    } catch (error) {
      first ??= error;
      failures.push(...hidden(group.tasks, messageOf(error)));
      // A log-in that is refused is one user's trouble; a scheduler that doesn't answer is everybody's.
      if (scene.call.signal.aborted || !hasCode(error, 'DENIED', 'INVALID', 'NOT_FOUND')) throw error;
    }
  }
  // Tokens end, each at its own time: their owners are told with their tasks, and the resource is as it was.
  if (scene.resource.auth === 'user-token') return { failures: new Map(failures) };
  throw first;
}

/** Of everybody's jobs, those alone count whose number is known. */
async function queueOf(scheduler: Scheduler, tasks: readonly TaskHandle[], whose: Whose): Promise<Jobs> {
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
    await using seat = await scene.open(group.who);
    return new Map([...done, ...(await lookCloser(scene, seat, open, jobs, hasAsked))]);
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
  seat: Seat,
  tasks: readonly TaskHandle[],
  queue: Jobs,
  hasAsked: boolean,
): Promise<Seen> {
  // Where jobs are private, one account doesn't see another's. A job without a number is told by its account.
  const missing = tasks.filter(({ key, ref }) => !queue.has(key) && (!hasAsked || ref === undefined));
  const own = missing.length === 0 ? new Map<string, Job>() : await queueOf(seat.scheduler, missing, 'own');
  const jobs = new Map([...queue, ...own]);
  const [booked, records] = await Promise.all([
    accountsOf(
      seat.scheduler,
      tasks.filter(({ key }) => isForAccounting(jobs.get(key))),
    ),
    seat.records(tasks.map(({ key }) => key)),
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
  scheduler: Scheduler,
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
