import {
  DescribeClustersCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
  type ListTasksCommandInput,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  type RunTaskCommandInput,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { SteleError } from '@stele/sdk';
import type { Definition } from '../launch/definition.ts';
import { idOf } from '../ref.ts';
import type { Cluster, Described, RunAnswer } from './cloud.ts';
import { type Failure, failureOf, type Place } from './failures.ts';

/** Most tasks of one question. */
const batch = 100;
/** Questions at a time. */
const atOnce = 4;

/** ECS, as one cluster sees it. */
export class Ecs {
  readonly #client: ECSClient;
  readonly #place: Place;
  /** A definition never changes. */
  readonly #ports = new Map<string, number | undefined>();

  constructor(client: ECSClient, place: Place) {
    this.#client = client;
    this.#place = place;
  }

  async cluster(abortSignal: AbortSignal): Promise<Cluster> {
    const { cluster: name, region } = this.#place;
    const command = new DescribeClustersCommand({ clusters: [name] });
    const { clusters = [] } = await this.#ask(() => this.#client.send(command, { abortSignal }));
    const [found] = clusters;
    if (found?.status !== 'ACTIVE') {
      const message = found
        ? `The cluster “${name}” is ${found.status}.`
        : `There is no cluster “${name}” in ${region}.`;
      throw new SteleError('NOT_FOUND', message, { field: 'conf.cluster' });
    }
    const { runningTasksCount = 0, pendingTasksCount = 0, capacityProviders = [] } = found;
    const hasSpot = capacityProviders.includes('FARGATE_SPOT');
    return { name, running: runningTasksCount, pending: pendingTasksCount, hasSpot };
  }

  async definition(family: string, abortSignal: AbortSignal): Promise<string | undefined> {
    try {
      const command = new DescribeTaskDefinitionCommand({ taskDefinition: family });
      const { taskDefinition } = await this.#client.send(command, { abortSignal });
      return taskDefinition?.status === 'INACTIVE' ? undefined : taskDefinition?.taskDefinitionArn;
    } catch (error) {
      if (saidBy(error, 'ClientException', /unable to describe task definition/i)) return undefined;
      throw failureOf(error, this.#place);
    }
  }

  async register(definition: Definition, abortSignal: AbortSignal): Promise<string> {
    const command = new RegisterTaskDefinitionCommand(definition);
    const { taskDefinition } = await this.#ask(() => this.#client.send(command, { abortSignal }));
    if (taskDefinition?.taskDefinitionArn !== undefined) return taskDefinition.taskDefinitionArn;
    throw new SteleError('PROTOCOL', 'ECS registered a task definition, and didn’t say as what.');
  }

  async port(definition: string, abortSignal: AbortSignal): Promise<number | undefined> {
    if (!this.#ports.has(definition)) {
      const command = new DescribeTaskDefinitionCommand({ taskDefinition: definition });
      const { taskDefinition } = await this.#ask(() => this.#client.send(command, { abortSignal }));
      this.#ports.set(definition, taskDefinition?.containerDefinitions?.[0]?.portMappings?.[0]?.containerPort);
    }
    return this.#ports.get(definition);
  }

  async run(request: RunTaskCommandInput, abortSignal: AbortSignal): Promise<RunAnswer> {
    try {
      return await this.#client.send(new RunTaskCommand(request), { abortSignal });
    } catch (error) {
      const [raw] = (error as { readonly resourceIds?: readonly string[] } | undefined)?.resourceIds ?? [];
      if (!saidBy(error, 'ConflictException') || raw === undefined) throw failureOf(error, this.#place);
      throw new SteleError('CONFLICT', 'The task has been run before, in another way.', { raw, cause: error });
    }
  }

  async describe(ids: readonly string[], signal: AbortSignal): Promise<Described> {
    const tasks = new Map<string, Task>();
    const failures = new Map<string, string>();
    const rest = chunks(ids, batch);
    const work = async (): Promise<void> => {
      for (let chunk = rest.shift(); chunk !== undefined; chunk = rest.shift()) {
        const answer = await this.#describeSome(chunk, signal);
        for (const task of answer.tasks ?? []) tasks.set(idOf(task.taskArn), task);
        for (const { arn, reason } of answer.failures ?? []) failures.set(idOf(arn), reason ?? 'MISSING');
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return { tasks, failures };
  }

  async list(
    filter: Pick<ListTasksCommandInput, 'startedBy' | 'desiredStatus'>,
    abortSignal: AbortSignal,
  ): Promise<string[]> {
    const ids: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = nextToken === undefined ? {} : { nextToken };
      const command = new ListTasksCommand({ cluster: this.#place.cluster, ...filter, ...page });
      const answer = await this.#ask(() => this.#client.send(command, { abortSignal }));
      ids.push(...(answer.taskArns ?? []).map(idOf));
      nextToken = answer.nextToken;
    } while (nextToken !== undefined && nextToken !== '');
    return ids;
  }

  async stop(id: string, reason: string, abortSignal: AbortSignal): Promise<void> {
    try {
      const command = new StopTaskCommand({ cluster: this.#place.cluster, task: id, reason });
      await this.#client.send(command, { abortSignal });
    } catch (error) {
      if (!saidBy(error, 'InvalidParameterException', /not found/i)) throw failureOf(error, this.#place);
    }
  }

  #describeSome(tasks: string[], abortSignal: AbortSignal) {
    const command = new DescribeTasksCommand({ cluster: this.#place.cluster, tasks });
    return this.#ask(() => this.#client.send(command, { abortSignal }));
  }

  async #ask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw failureOf(error, this.#place);
    }
  }
}

function chunks(ids: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, at) => ids.slice(at * size, (at + 1) * size));
}

function saidBy(error: unknown, kind: string, words = /(?:)/): boolean {
  const { name, message = '' } = (error ?? {}) as Failure;
  return name === kind && words.test(message);
}
