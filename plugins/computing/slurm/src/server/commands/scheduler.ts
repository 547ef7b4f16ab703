import type { Host } from '@stele/sdk';
import { hasCode } from '@stele/sdk';
import { chunks } from '../chunks.ts';
import type { Job } from '../job.ts';
import { type Beginning, isForLater } from '../launch/begin.ts';
import type { Allowance, Ending, NodeNames, Order, Scheduler, SchedulerFacts, Wanted, Whose } from '../scheduler.ts';
import { formatMinutes } from '../values/time.ts';
import { accountingQuestions, parseAccounting } from './accounting.ts';
import { associationsQuestion, defaultAccountQuestion, parseAllowance } from './accounts.ts';
import { Commands, textOf } from './commands.ts';
import { failure, hasNoAccounting, hidesFailure } from './failures.ts';
import { nodeQuestion, parseNode } from './node.ts';
import { nodesQuestion, parsePartitions, partitionsQuestion } from './partitions.ts';
import { parseQueue, queueQuestion } from './queue.ts';
import { endCommand, parseJobId, submitCommand, submitText } from './submit.ts';

/** Names in one command line: some shells' words may have 128 KiB at most. */
const namesAtOnce = 4_000;

/** Slurm by the commands of a login node. */
export class CommandScheduler implements Scheduler {
  readonly #commands: Commands;

  constructor(host: Host, signal: AbortSignal) {
    this.#commands = new Commands(host, signal);
  }

  /** Four or five commands at once. */
  async facts(): Promise<SchedulerFacts> {
    const [version, partitions, nodes, allowance] = await Promise.all([
      this.#commands.run(['scontrol', '--version']),
      this.#commands.run(partitionsQuestion),
      this.#commands.run(nodesQuestion),
      this.#allowance(),
    ]);
    return {
      version: /\d+\.\d+(?:\.\d+)?/.exec(version)?.[0] ?? version.trim().slice(0, 40),
      partitions: parsePartitions(partitions, nodes),
      allowance,
    };
  }

  async #allowance(): Promise<Allowance> {
    const { user } = this.#commands.host;
    const associations = await this.#commands.try(associationsQuestion(user));
    if (hasNoAccounting(associations)) return parseAllowance('', '');
    if (associations.exitCode !== 0) throw failure('sacctmgr', associations);
    return parseAllowance(associations.stdout, await this.#commands.run(defaultAccountQuestion(user)));
  }

  async jobs(names: readonly string[], whose: Whose): Promise<readonly Job[]> {
    const account = whose === 'own' ? this.#commands.host.user : undefined;
    const found: Job[] = [];
    for (const part of chunks(names, namesAtOnce)) {
      found.push(...parseQueue(await this.#commands.run(queueQuestion(part, account))));
    }
    return found;
  }

  async booked(wanted: readonly Wanted[]): Promise<readonly Job[] | 'none'> {
    const found: Job[] = [];
    try {
      const { user } = this.#commands.host;
      for (const question of chunks(wanted, namesAtOnce).flatMap((part) => accountingQuestions(part, user))) {
        const answer = await this.#commands.try(question);
        if (hasNoAccounting(answer)) return 'none';
        if (answer.exitCode !== 0 || hidesFailure(answer)) throw failure('sacct', answer);
        found.push(...parseAccounting(answer.stdout));
      }
    } catch (error) {
      if (hasCode(error, 'UNSUPPORTED')) return 'none';
      throw error;
    }
    return found;
  }

  async submit(order: Order): Promise<string> {
    return parseJobId(await this.#commands.run(submitCommand(order), order.script));
  }

  async begin(order: Order, { argv, stdin }: Beginning): Promise<(() => string) | undefined> {
    const answer = await this.#commands.try(submitCommand(order), stdin, argv);
    return isForLater(answer.stdout) ? undefined : () => parseJobId(textOf('sbatch', answer));
  }

  preview(order: Order): string {
    return submitText(order);
  }

  async end(name: string, which: Ending, id?: string): Promise<void> {
    const result = await this.#commands.try(endCommand(this.#commands.host.user, name, which, id));
    if (result.exitCode === 0) return;
    const error = failure('scancel', result);
    if (error.code !== 'NOT_FOUND' && error.code !== 'CONFLICT') throw error;
  }

  async hold(id: string): Promise<void> {
    await this.#commands.run(['scontrol', 'hold', id]);
  }

  async release(id: string): Promise<void> {
    await this.#commands.run(['scontrol', 'release', id]);
  }

  async extend(id: string, seconds: number): Promise<void> {
    await this.#commands.run(['scontrol', 'update', `JobId=${id}`, `TimeLimit=+${formatMinutes(seconds)}`]);
  }

  async node(name: string): Promise<NodeNames> {
    return parseNode(await this.#commands.run(nodeQuestion(name)));
  }
}
