import type {
  DescribeTasksRequest,
  ListTasksRequest,
  RegisterTaskDefinitionRequest,
  RunTaskRequest,
  StopTaskRequest,
} from '@aws-sdk/client-ecs';
import { memoryFor } from '../../../plugins/computing/fargate/src/server/sizes.ts';
import { AwsError } from './aws-error.ts';
import type { LogGroup } from './log-groups.ts';
import type { Network } from './network.ts';
import { account, type Fate, region, type Registered, StandInTask } from './task.ts';

/** What an account has, beside what is made in it. */
export interface Account {
  readonly cluster: string;
  readonly subnets: readonly string[];
  readonly images: ReadonlySet<string>;
  readonly logs: LogGroup;
  readonly network: Network;
}

/** What a request is told to run into. */
export interface RunFailure {
  readonly reason: string;
  readonly detail?: string;
}

/** One cluster of ECS: it runs tasks, forgets nothing of its own accord, and shows what it has made a moment later. */
export class Cluster {
  /** Milliseconds of each step of a task’s life. */
  pace = 20;
  /** Milliseconds until a task that was made is shown. */
  lag = 60;
  /** Entries of a page of a list. */
  pageSize = 100;
  /** Failures of the next requests to run something. */
  readonly refusals: RunFailure[] = [];
  /** Fates of the next tasks. */
  readonly fates: Fate[] = [];
  readonly registered = new Map<string, Registered[]>();
  readonly #account: Account;
  readonly #tasks = new Map<string, StandInTask>();
  /** All that were ever run. */
  readonly #all: StandInTask[] = [];
  readonly #tokens = new Map<string, { readonly request: string; readonly task: StandInTask }>();

  constructor(account: Account) {
    this.#account = account;
  }

  get tasks(): readonly StandInTask[] {
    return [...this.#tasks.values()];
  }

  /** As ECS does an hour after a stop. */
  forget(id: string): void {
    this.#tasks.delete(id);
  }

  async end(): Promise<void> {
    for (const task of this.#all) task.stop('The bed goes down.');
    for (const task of this.#all) task.kill();
    await Promise.all(this.#all.map(({ ended }) => ended));
  }

  handle(operation: string, request: unknown): unknown {
    switch (operation) {
      case 'DescribeClusters':
        return this.#describeClusters(request as { clusters?: string[] });
      case 'RegisterTaskDefinition':
        return { taskDefinition: definitionView(this.#register(request as RegisterTaskDefinitionRequest)) };
      case 'DescribeTaskDefinition':
        return {
          taskDefinition: definitionView(this.#definition((request as { taskDefinition: string }).taskDefinition)),
        };
      case 'RunTask':
        return this.#run(request as RunTaskRequest);
      case 'DescribeTasks':
        return this.#describe(request as DescribeTasksRequest);
      case 'ListTasks':
        return this.#list(request as ListTasksRequest);
      case 'StopTask':
        return this.#stop(request as StopTaskRequest);
      default:
        throw new AwsError('UnknownOperationException', operation);
    }
  }

  #describeClusters({ clusters = [] }: { clusters?: string[] }): unknown {
    const name = this.#account.cluster;
    const has = clusters.includes(name);
    const running = this.tasks.filter(({ view }) => view.lastStatus === 'RUNNING').length;
    const counts = { runningTasksCount: running, pendingTasksCount: 0, activeServicesCount: 0 };
    const found = {
      clusterArn: arnOf(name),
      clusterName: name,
      status: 'ACTIVE',
      ...counts,
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    };
    const missing = clusters.filter((one) => one !== name).map((one) => ({ arn: arnOf(one), reason: 'MISSING' }));
    return { clusters: has ? [found] : [], failures: missing };
  }

  #register(request: RegisterTaskDefinitionRequest): Registered {
    const { family = '' } = request;
    if (!/^[A-Za-z0-9_-]{1,255}$/.test(family))
      throw new AwsError('ClientException', 'Family contains invalid characters.');
    const revisions = this.registered.get(family) ?? [];
    const revision = revisions.length + 1;
    const arn = `arn:aws:ecs:${region}:${account}:task-definition/${family}:${revision}`;
    const made = { ...request, arn, revision };
    this.registered.set(family, [...revisions, made]);
    return made;
  }

  #definition(name: string): Registered {
    const [family = '', revision] = (name.split('/').at(-1) ?? '').split(':');
    const revisions = this.registered.get(family) ?? [];
    const found = revision === undefined ? revisions.at(-1) : revisions[Number(revision) - 1];
    if (found) return found;
    throw new AwsError('ClientException', 'Unable to describe task definition.');
  }

  #run(request: RunTaskRequest): unknown {
    this.#checkCluster(request.cluster);
    const known = this.#known(request);
    if (known) return { tasks: [known.view], failures: [] };
    const definition = this.#definition(request.taskDefinition ?? '');
    this.#checkRun(request);
    const refusal = this.refusals.shift();
    if (refusal) return { tasks: [], failures: [{ arn: arnOf(this.#account.cluster), ...refusal }] };
    const task = new StandInTask(this.#account.cluster, definition, request, {
      pace: () => this.pace,
      hasImage: (image) => this.#account.images.has(image),
      openLog: (id) => this.#openLog(definition, id),
      address: this.#account.network.address(this.#all.length),
      enter: this.#account.network.enter,
      fate: this.fates.shift(),
    });
    this.#tasks.set(task.id, task);
    this.#all.push(task);
    if (request.clientToken !== undefined)
      this.#tokens.set(request.clientToken, { request: JSON.stringify(request), task });
    return { tasks: [structuredClone(task.view)], failures: [] };
  }

  /** The task that a token has run already. */
  #known(request: RunTaskRequest): StandInTask | undefined {
    const known = this.#tokens.get(request.clientToken ?? '');
    if (known === undefined || known.request === JSON.stringify(request)) return known?.task;
    const message = 'The provided clientToken is already in use with a different RunTask request.';
    throw new AwsError('ConflictException', message, 400, { resourceIds: [known.task.view.taskArn ?? ''] });
  }

  #checkRun({ overrides, networkConfiguration }: RunTaskRequest): void {
    const { cpu = '', memory = '' } = overrides ?? {};
    if (!memoryFor(Number(cpu) / 1024).includes(Number(memory) / 1024)) {
      throw new AwsError('ClientException', 'No Fargate configuration exists for given values.');
    }
    if (JSON.stringify(overrides).length > 8_192) {
      throw new AwsError('InvalidParameterException', 'Container Overrides length must be at most 8192');
    }
    const wrong = networkConfiguration?.awsvpcConfiguration?.subnets?.find(
      (one) => !this.#account.subnets.includes(one),
    );
    if (wrong === undefined) return;
    const said = `Error retrieving subnet information for [${wrong}]: The subnet ID '${wrong}' does not exist`;
    throw new AwsError('InvalidParameterException', said);
  }

  #openLog(definition: Registered, id: string): (line: string) => void {
    const [container] = definition.containerDefinitions ?? [];
    const stream = `${container?.logConfiguration?.options?.['awslogs-stream-prefix'] ?? ''}/${container?.name ?? ''}/${id}`;
    this.#account.logs.create(stream);
    return (line) => this.#account.logs.write(stream, line);
  }

  #describe({ cluster, tasks = [] }: Partial<DescribeTasksRequest>): unknown {
    this.#checkCluster(cluster);
    if (tasks.length === 0) throw new AwsError('InvalidParameterException', 'Tasks cannot be empty.');
    if (tasks.length > 100) throw new AwsError('InvalidParameterException', 'Tasks cannot have more than 100 entries.');
    const found = tasks.map((name) => [name, this.#shown(name)] as const);
    return {
      tasks: found.flatMap(([, task]) => (task ? [task.view] : [])),
      failures: found.flatMap(([name, task]) =>
        task ? [] : [{ arn: taskArn(this.#account.cluster, name), reason: 'MISSING' }],
      ),
    };
  }

  #list({ cluster, startedBy, desiredStatus, nextToken, maxResults = 100, ...others }: ListTasksRequest): unknown {
    this.#checkCluster(cluster);
    if (startedBy !== undefined && (desiredStatus !== undefined || Object.keys(others).length > 0)) {
      throw new AwsError('InvalidParameterException', 'startedBy must be the only filter.');
    }
    const wanted = this.tasks.filter(
      ({ id, view }) =>
        this.#shown(id) !== undefined &&
        view.desiredStatus === (desiredStatus ?? 'RUNNING') &&
        (startedBy === undefined || view.startedBy === startedBy),
    );
    const from = Number(nextToken ?? 0);
    const to = from + Math.min(maxResults, this.pageSize);
    const taskArns = wanted.slice(from, to).map(({ view }) => view.taskArn);
    return { taskArns, ...(to < wanted.length ? { nextToken: String(to) } : {}) };
  }

  #stop({ cluster, task: name = '', reason = '' }: Partial<StopTaskRequest>): unknown {
    this.#checkCluster(cluster);
    const task = this.#shown(name);
    if (task === undefined) throw new AwsError('InvalidParameterException', 'The referenced task was not found.');
    task.stop(reason);
    return { task: task.view };
  }

  #shown(name: string): StandInTask | undefined {
    const task = this.#tasks.get(name.split('/').at(-1) ?? '');
    return task && Date.now() - task.madeAt >= this.lag ? task : undefined;
  }

  #checkCluster(name: string | undefined): void {
    if (name !== this.#account.cluster) throw new AwsError('ClusterNotFoundException', 'Cluster not found.');
  }
}

function definitionView({ arn, ...definition }: Registered): unknown {
  return { ...definition, taskDefinitionArn: arn, status: 'ACTIVE' };
}

const arnOf = (cluster: string): string => `arn:aws:ecs:${region}:${account}:cluster/${cluster}`;
const taskArn = (cluster: string, name: string): string =>
  `arn:aws:ecs:${region}:${account}:task/${cluster}/${name.split('/').at(-1) ?? ''}`;
