import { hasCode, SteleError } from '@stele/sdk';
import { chunks } from '../chunks.ts';
import { architectureOf } from '../description/architecture.ts';
import { partitionOf, sorted } from '../description/partition.ts';
import { isNodeName, isWord, keyOf, parseRef } from '../grammar.ts';
import type { Job } from '../job.ts';
import { meaningOf } from '../observe/states.ts';
import type { Allowance, Ending, NodeNames, Order, Scheduler, SchedulerFacts, Wanted, Whose } from '../scheduler.ts';
import { minutesOf } from '../values/time.ts';
import type { Api } from './api.ts';
import { failureOf, isGood, type Said } from './answers.ts';
import { endedBefore, refusals } from './refusals.ts';
import { submissionText } from './submission-text.ts';
import { versions } from './versions.ts';

/** Names in one query. */
const namesAtOnce = 200;
/** Of all the cluster's jobs, those whose names begin as ours do, and some that only mention them. */
const ours = { list: 'jobs', marker: '"stele-' };
/** How far back a job is looked for whose number was lost. */
const window = 14 * 86_400;

/** Who asks. */
export interface Asker {
  /** Name of the account. */
  readonly user: string;
  /** What jobs of it get: the API takes no job without an environment, and adds nothing of the account's. */
  environment(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
}

/** Slurm by slurmrestd. */
export class RestScheduler implements Scheduler {
  readonly #api: Api;
  readonly #asker: Asker;
  readonly #signal: AbortSignal;
  readonly #url: string;
  /** When the token ends, where that isn't ours to renew. ISO 8601. */
  readonly tokenEndsAt: string | undefined;

  constructor(api: Api, asker: Asker, about: { url: string; tokenEndsAt?: string | undefined }, signal: AbortSignal) {
    this.#api = api;
    this.#asker = asker;
    this.#signal = signal;
    this.#url = about.url;
    this.tokenEndsAt = about.tokenEndsAt;
  }

  async facts(): Promise<SchedulerFacts> {
    const { dialect, name } = await this.#api.version();
    const [partitions, nodes, allowance] = await Promise.all([
      this.#get('/partitions', 'tell its partitions'),
      this.#get('/nodes', 'tell its nodes'),
      this.#allowance(),
    ]);
    const kinds = dialect.nodes(nodes);
    const architecture = architectureOf(kinds[0]?.machine ?? '');
    const found = dialect.partitions(partitions).map((one) =>
      partitionOf(
        one,
        kinds.filter((kind) => kind.partitions.includes(one.name)),
      ),
    );
    return {
      version: dialect.version(partitions),
      api: name,
      partitions: sorted(found),
      allowance,
      ...(architecture === undefined ? {} : { architecture }),
      ...(this.tokenEndsAt === undefined ? {} : { tokenEndsAt: this.tokenEndsAt }),
    };
  }

  async #allowance(): Promise<Allowance> {
    const { dialect } = await this.#api.version();
    const user = encodeURIComponent(this.#asker.user);
    const body = await this.#accounting(`/associations?user=${user}`, 'tell the accounts of its user');
    const rows = body === 'none' ? [] : dialect.associations(body);
    const standard = rows.find(({ isDefault }) => isDefault)?.account;
    return {
      accounts: [...new Set(rows.map(({ account }) => account).filter(isWord))].sort(),
      qos: [...new Set(rows.flatMap(({ qos }) => qos).filter(isWord))].sort(),
      ...(standard === undefined ? {} : { defaultAccount: standard }),
    };
  }

  /** One question for all: the API can't be asked for jobs of some names. */
  async jobs(names: readonly string[], whose: Whose): Promise<readonly Job[]> {
    if (names.length === 0) return [];
    const { dialect } = await this.#api.version();
    const keys = new Set(names.map(keyOf));
    const wish = { part: 'slurm', method: 'GET', path: '/jobs', choice: ours, doing: 'tell its jobs' } as const;
    const jobs = dialect.jobs(await this.#api.ask(wish)).filter(({ key }) => keys.has(key));
    return whose === 'all' ? jobs : jobs.filter(({ account }) => account === this.#asker.user);
  }

  async booked(wanted: readonly Wanted[]): Promise<readonly Job[] | 'none'> {
    const { dialect } = await this.#api.version();
    const since = dialect.since(Date.now() / 1000 - window);
    const ids = wanted.flatMap(({ id }) => (id === undefined ? [] : [id]));
    const names = wanted.flatMap(({ id, name }) => (id === undefined ? [name] : []));
    const queries = [
      ...chunks(ids, namesAtOnce).map((part) => ({ step: part.join(',') })),
      ...chunks(names, namesAtOnce).map((part) => ({ job_name: part.join(','), start_time: since })),
    ];
    const found: Job[] = [];
    for (const query of queries) {
      const body = await this.#accounting(`/jobs?${new URLSearchParams(query).toString()}`, 'tell jobs of the past');
      if (body === 'none') return 'none';
      const jobs = dialect.booked(body);
      found.push(...('step' in query ? jobs : jobs.filter(({ uid }) => uid === this.#asker.user)));
    }
    return found;
  }

  async submit(order: Order): Promise<string> {
    const { dialect } = await this.#api.version();
    const environment = await this.#asker.environment(this.#signal);
    const body = dialect.submission(order, environment);
    const said = await this.#api.say({ part: 'slurm', method: 'POST', path: '/job/submit', body, doing: '' });
    // A job that was taken may come with complaints, e.g. that it can't start for now.
    const id = said.status < 400 ? dialect.submitted(said.body) : undefined;
    if (id !== undefined) return id;
    throw await this.#api.failure(said, 'take the job');
  }

  preview(order: Order): string {
    // Whichever version it will be: they differ in shapes, not in what is asked.
    const [newest] = versions;
    return newest === undefined ? '' : submissionText(this.#url, newest, order);
  }

  /** The controllers of 24.11.5 and 26.05.5 hang when somebody tells another account's job to end: only ours are told. */
  async end(name: string, which: Ending, id?: string): Promise<void> {
    const jobs = await this.jobs([name], 'own');
    const own = jobs.filter((job) => id === undefined || job.id === id);
    for (const job of own.filter(({ state }) => isMeant(state, which))) await this.#end(job.id, which);
  }

  async #end(id: string, which: Ending): Promise<void> {
    const { dialect } = await this.#api.version();
    const query = new URLSearchParams(dialect.ending(which)).toString();
    const path = `/job/${parseRef(id)}${query === '' ? '' : `?${query}`}`;
    const said = await this.#api.say({ part: 'slurm', method: 'DELETE', path, doing: 'end the job' });
    const error = isGood(said) ? refusals(said.body) : await this.#refusal(said);
    if (error !== undefined && !endedBefore(error)) throw error;
  }

  async #refusal(said: Said): Promise<SteleError> {
    // 24.11's word, of a job of ours, is that the controller was not asked.
    if (/Operation not permitted/.test(failureOf(said, '').message)) {
      return new SteleError('UNREACHABLE', 'Slurm’s controller doesn’t answer.');
    }
    return this.#api.failure(said, 'end the job');
  }

  async hold(id: string): Promise<void> {
    await this.#update(id, { hold: true }, 'hold the job');
  }

  async release(id: string): Promise<void> {
    await this.#update(id, { hold: false }, 'release the job');
  }

  async extend(id: string, seconds: number): Promise<void> {
    const { dialect } = await this.#api.version();
    const now = dialect.timeLimit(await this.#get(`/job/${parseRef(id)}`, 'tell the job’s time'));
    if (now === undefined || !Number.isFinite(now)) return;
    await this.#update(id, dialect.newLimit(now + minutesOf(seconds)), 'give the job more time');
  }

  async node(name: string): Promise<NodeNames> {
    if (!isNodeName(name)) throw new SteleError('INVALID', 'This is no name of a node.', { field: 'node' });
    const { dialect } = await this.#api.version();
    return dialect.node(await this.#get(`/node/${encodeURIComponent(name)}`, 'tell where the node is'));
  }

  #get(path: string, doing: string): Promise<Said['body']> {
    return this.#api.ask({ part: 'slurm', method: 'GET', path, doing });
  }

  async #update(id: string, body: object, doing: string): Promise<void> {
    await this.#api.ask({ part: 'slurm', method: 'POST', path: `/job/${parseRef(id)}`, body, doing });
  }

  /** Accounting's answer. A slurmrestd without the plugin for it, and a cluster without accounting, have none. */
  async #accounting(path: string, doing: string): Promise<Said['body'] | 'none'> {
    try {
      return await this.#api.ask({ part: 'slurmdb', method: 'GET', path, doing });
    } catch (error) {
      if (hasCode(error, 'UNSUPPORTED')) return 'none';
      throw error;
    }
  }
}

function isMeant(state: string, which: Ending): boolean {
  const phase = meaningOf(state)?.phase ?? 'running';
  if (which === 'all') return phase !== 'ended';
  const isWaiting = phase === 'queued' || phase === 'held';
  return which === 'waiting' ? isWaiting : !isWaiting && phase !== 'ended';
}
