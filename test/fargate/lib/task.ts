import { randomBytes } from 'node:crypto';
import type { ContainerDefinition, RegisterTaskDefinitionRequest, RunTaskRequest, Task } from '@aws-sdk/client-ecs';
import { Container } from './container.ts';

export const account = '123456789012';
export const region = 'eu-central-1';

/** A task as it crosses in JSON: times are seconds. */
type Wire<T> = T extends Date
  ? number
  : T extends readonly (infer U)[]
    ? Wire<U>[]
    : T extends object
      ? { [K in keyof T]: Wire<T[K]> }
      : T;
export type WireTask = Wire<Task>;

export interface Registered extends RegisterTaskDefinitionRequest {
  readonly arn: string;
  readonly revision: number;
}

/** What a task meets in place of its image’s program. */
export interface Fate {
  readonly at: 'start' | 'end';
  readonly stopCode: NonNullable<Task['stopCode']>;
  readonly stoppedReason: string;
  readonly containerReason?: string;
  readonly exitCode?: number;
}

export interface Surroundings {
  /** Milliseconds of each step of a task’s life. */
  readonly pace: () => number;
  readonly hasImage: (image: string) => boolean;
  readonly openLog: (id: string) => (line: string) => void;
  readonly address: string;
  /** What stands before a command that runs where that address is. */
  readonly enter: readonly string[];
  readonly fate: Fate | undefined;
}

const now = (): number => Date.now() / 1000;

/** One task of the stand-in, and its life. */
export class StandInTask {
  readonly id = randomBytes(16).toString('hex');
  readonly madeAt = Date.now();
  readonly view: WireTask;
  readonly #definition: Registered;
  readonly #request: RunTaskRequest;
  readonly #around: Surroundings;
  readonly ended: Promise<void>;
  #container: Container | undefined;
  #isStopAsked = false;

  constructor(cluster: string, definition: Registered, request: RunTaskRequest, around: Surroundings) {
    this.#definition = definition;
    this.#request = request;
    this.#around = around;
    const arn = `arn:aws:ecs:${region}:${account}:task/${cluster}/${this.id}`;
    this.view = {
      taskArn: arn,
      clusterArn: `arn:aws:ecs:${region}:${account}:cluster/${cluster}`,
      taskDefinitionArn: definition.arn,
      group: `family:${definition.family}`,
      ...(request.startedBy === undefined ? {} : { startedBy: request.startedBy }),
      ...(request.capacityProviderStrategy === undefined
        ? { launchType: 'FARGATE' as const }
        : {
            capacityProviderName: request.capacityProviderStrategy[0]?.capacityProvider ?? '',
            launchType: 'FARGATE' as const,
          }),
      ...(request.tags === undefined ? {} : { tags: request.tags.map((tag) => ({ ...tag })) }),
      availabilityZone: `${region}a`,
      cpu: request.overrides?.cpu ?? definition.cpu ?? '',
      memory: request.overrides?.memory ?? definition.memory ?? '',
      overrides: request.overrides as never,
      createdAt: now(),
      desiredStatus: 'RUNNING',
      lastStatus: 'PROVISIONING',
      platformFamily: 'Linux',
      platformVersion: '1.4.0',
      version: 1,
      attachments: [
        { id: randomBytes(8).toString('hex'), type: 'ElasticNetworkInterface', status: 'PRECREATED', details: [] },
      ],
      containers: [
        {
          containerArn: `${arn}/1`,
          taskArn: arn,
          name: this.#first.name ?? '',
          image: this.#first.image ?? '',
          lastStatus: 'PENDING',
        },
      ],
    };
    this.ended = this.#live();
  }

  get isStopped(): boolean {
    return this.view.lastStatus === 'STOPPED';
  }

  /** As StopTask does: it takes the tags away, too. */
  stop(stoppedReason: string): void {
    if (this.#isStopAsked || this.isStopped || this.view.desiredStatus === 'STOPPED') return;
    this.#isStopAsked = true;
    Object.assign(this.view, { desiredStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason, stoppingAt: now() });
    delete this.view.tags;
    this.#container?.stop((this.#first.stopTimeout ?? 30) * 1_000);
  }

  kill(): void {
    this.#container?.kill();
  }

  get #first(): ContainerDefinition {
    return this.#definition.containerDefinitions?.[0] ?? {};
  }

  get #wireContainer(): NonNullable<WireTask['containers']>[number] {
    return this.view.containers?.[0] ?? {};
  }

  async #live(): Promise<void> {
    await this.#step();
    this.#attach();
    this.view.lastStatus = 'PENDING';
    await this.#step();
    this.view.pullStartedAt = now();
    await this.#step();
    const { fate } = this.#around;
    if (fate?.at === 'start') return this.#fail(fate);
    if (!this.#around.hasImage(this.#first.image ?? '')) return this.#fail(noImage(this.#first.image ?? ''));
    this.view.pullStoppedAt = now();
    this.view.lastStatus = 'ACTIVATING';
    await this.#step();
    if (this.#isStopAsked) return this.#depart();
    await this.#run(fate);
  }

  async #run(fate: Fate | undefined): Promise<void> {
    const environment = this.#request.overrides?.containerOverrides?.[0]?.environment ?? [];
    const env = Object.fromEntries(environment.map(({ name = '', value = '' }) => [name, value]));
    this.#container = new Container({ env, ...this.#around, print: this.#around.openLog(this.id) });
    Object.assign(this.view, { lastStatus: 'RUNNING', startedAt: now(), connectivity: 'CONNECTED' });
    Object.assign(this.#wireContainer, {
      lastStatus: 'RUNNING',
      runtimeId: `${this.id}-1`,
      imageDigest: `sha256:${'ab'.repeat(32)}`,
    });
    if (fate?.at === 'end') {
      await this.#step();
      this.#container.kill();
    }
    const exitCode = await this.#container.exited;
    Object.assign(this.#wireContainer, { lastStatus: 'STOPPED', exitCode });
    this.view.executionStoppedAt = now();
    if (fate?.at === 'end') return this.#fail(fate);
    if (!this.#isStopAsked) this.#judge('EssentialContainerExited', 'Essential container in task exited');
    await this.#depart();
  }

  async #fail({ stopCode, stoppedReason, containerReason, exitCode }: Fate): Promise<void> {
    this.#judge(stopCode, stoppedReason);
    const container = this.#wireContainer;
    container.lastStatus = 'STOPPED';
    if (containerReason !== undefined) container.reason = containerReason;
    if (exitCode === undefined) delete container.exitCode;
    else container.exitCode = exitCode;
    await this.#depart();
  }

  #judge(stopCode: string, stoppedReason: string): void {
    Object.assign(this.view, { desiredStatus: 'STOPPED', stopCode, stoppedReason });
  }

  async #depart(): Promise<void> {
    this.view.executionStoppedAt ??= now();
    for (const status of ['DEACTIVATING', 'STOPPING', 'DEPROVISIONING']) {
      this.view.lastStatus = status;
      await this.#step();
    }
    Object.assign(this.view, { lastStatus: 'STOPPED', stoppedAt: now() });
    delete this.view.tags;
  }

  #attach(): void {
    const { address } = this.#around;
    const [attachment] = this.view.attachments ?? [];
    Object.assign(attachment ?? {}, {
      status: 'ATTACHED',
      details: [
        { name: 'subnetId', value: this.#request.networkConfiguration?.awsvpcConfiguration?.subnets?.[0] ?? '' },
        { name: 'networkInterfaceId', value: `eni-${this.id.slice(0, 17)}` },
        { name: 'privateIPv4Address', value: address },
      ],
    });
    const attachmentId = attachment?.id ?? '';
    Object.assign(this.#wireContainer, { networkInterfaces: [{ attachmentId, privateIpv4Address: address }] });
  }

  #step(): Promise<void> {
    this.view.version = (this.view.version ?? 0) + 1;
    return new Promise((resolve) => setTimeout(resolve, this.#around.pace()));
  }
}

function noImage(image: string): Fate {
  const said = `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${image}: ${image}: not found`;
  return { at: 'start', stopCode: 'TaskFailedToStart', stoppedReason: said };
}
