import { randomInt } from 'node:crypto';
import {
  type Architecture,
  type ComputingDescription,
  type ComputingDriver,
  type EngineChoice,
  type InterfaceProtocol,
  type JsonObject,
  type Launch,
  type Logger,
  type Registry,
  SteleError,
} from '@stele/sdk';
import type { CheckResult, LaunchOptions, NewTask, TaskPreview } from '@stele/sdk/api';
import { hasRole, type Viewer } from '../accounts/index.ts';
import type { Computings } from '../computing/index.ts';
import { forField } from '../for-field.ts';
import { checkSettings } from '../schema/index.ts';
import {
  type Computing,
  type LaunchSnapshot,
  ownerOf,
  type SecretBox,
  type Software,
  type StagingPlan,
  type Task,
} from '../model/index.ts';
import type { Notices } from '../notices/index.ts';
import type { GuardedRegistries, Keyring, Occasion } from '../registries/index.ts';
import type { Softwares } from '../software/index.ts';
import { stagingAtStart, type StagingPlanner } from '../staging/index.ts';
import type { Storages } from '../storage/index.ts';
import { checkPermitted, exposureOf, permitted, refusal } from './exposed.ts';
import { type Fit, fit } from './fit.ts';
import { callFor } from './handle.ts';
import { environment } from './plan.ts';
import { sealSecrets } from './secrets.ts';
import type { TaskStore } from './task-store.ts';

const describeLimit = 20_000;
/** In the place of a secret, for people to read. */
const mask = '••••••••';

/** What a launch is made with. */
export interface LauncherParts {
  readonly softwares: Softwares;
  readonly computings: Computings;
  readonly storages: Storages;
  readonly keyring: Keyring;
  readonly registries: GuardedRegistries;
  readonly stagings: StagingPlanner;
  readonly protocols: Registry<InterfaceProtocol>;
  readonly store: TaskStore;
  readonly notices: Notices;
  readonly secrets: SecretBox;
  readonly log: Logger;
}

type KeyedTask = NewTask & { readonly key: string };

interface Plan {
  readonly software: Software;
  readonly computing: Computing;
  readonly driver: ComputingDriver;
  readonly snapshot: LaunchSnapshot;
  readonly options: JsonObject;
  readonly password: string | undefined;
  readonly staging: StagingPlan | undefined;
}

/** Turns a wish into a task: everything is checked here, on the server, whatever a form has checked before. */
export class Launcher {
  readonly #parts: LauncherParts;

  constructor(parts: LauncherParts) {
    this.#parts = parts;
  }

  /** Writes the task's row. Idempotent by `key`: the same key of the same user gives the same task. */
  async launch(viewer: Viewer, wish: NewTask, signal: AbortSignal): Promise<Task> {
    const known = wish.key === undefined ? undefined : await this.#parts.store.byKey(wish.key);
    if (known) return own(viewer, known);
    if (wish.mailAtStart) await this.#parts.notices.demandMail(viewer.id);
    const key = wish.key ?? newKey();
    const plan = await this.#plan(viewer, { ...wish, key }, signal);
    const row = await this.#parts.store.insert({
      key,
      name: wish.name ?? plan.software.name,
      owner: viewer.id,
      software: plan.software.id,
      softwareName: plan.software.name,
      computing: plan.computing.id,
      computingName: plan.computing.name,
      launch: plan.snapshot,
      options: plan.options,
      mailAtStart: wish.mailAtStart ?? false,
      ...(plan.staging ? stagingAtStart(plan.staging) : {}),
      ...(plan.password ? { secrets: sealSecrets(this.#parts.secrets, key, { AUTH_PASS: plan.password }) } : {}),
    } as never);
    return own(viewer, row);
  }

  async preview(viewer: Viewer, wish: NewTask, signal: AbortSignal): Promise<TaskPreview> {
    const key = wish.key ?? newKey();
    const { snapshot, computing, driver, options, password } = await this.#plan(viewer, { ...wish, key }, signal);
    const { registryCredential, mounted: _, isRegistryGuarded: __, ...rest } = snapshot;
    const launch: Launch = {
      ...rest,
      ...(registryCredential === undefined ? {} : { credentials: { username: mask, password: mask } }),
      key,
      name: wish.name ?? '',
      binds: snapshot.binds ?? [],
      env: { ...snapshot.env, ...(password === undefined ? {} : { AUTH_PASS: mask }) },
      options,
    };
    return driver.preview(this.#parts.computings.resource(computing), launch, this.#call(viewer, signal));
  }

  /** What the launch form is made from. */
  async options(
    viewer: Viewer,
    computingId: string,
    softwareId: string | undefined,
    signal: AbortSignal,
  ): Promise<LaunchOptions> {
    const { computings, softwares } = this.#parts;
    const computing = await computings.store.get(viewer, computingId, 'use');
    const software = softwareId === undefined ? undefined : await softwares.store.get(viewer, softwareId, 'use');
    const call = this.#call(viewer, signal);
    const [described, files] = await Promise.all([
      computings.describe(computing, call),
      this.#parts.stagings.offer(viewer, computing, call),
    ]);
    const all = offered(computing, described);
    const problem = software ? await this.#suits(viewer, software, computing, described, signal) : { fits: true };
    return {
      engines: permitted(software?.flags, described, all).map(({ id, runtimes }) => {
        const exposure = software && exposureOf(software.flags, described, id);
        return { id, runtimes: [...runtimes], ...(exposure ? { caution: exposure.says } : {}) };
      }),
      architectures: [...described.architectures],
      emulated: [...described.emulated],
      facts: described.facts.filter(({ isChoice }) => isChoice !== true).map(({ label, value }) => ({ label, value })),
      schema: { ...computings.driver(computing.driver).options(computings.resource(computing), described) },
      ...problem,
      mail: (await this.#parts.notices.whyNoMail(viewer.id)) === undefined,
      ...files,
    };
  }

  /** How the resource is, for whoever may see it. */
  async check(viewer: Viewer, computingId: string, signal: AbortSignal): Promise<CheckResult> {
    const { computings } = this.#parts;
    const computing = await computings.store.get(viewer, computingId, 'see');
    return computings.check(viewer, computing, this.#call(viewer, signal));
  }

  async #plan(viewer: Viewer, wish: KeyedTask, signal: AbortSignal): Promise<Plan> {
    const { softwares, computings, storages, stagings } = this.#parts;
    const software = await forField('software', softwares.store.get(viewer, wish.software, 'use'));
    const computing = await forField('computing', computings.store.get(viewer, wish.computing, 'use'));
    this.#checkProtocol(viewer, software);
    const driver = computings.driver(computing.driver);
    const call = this.#call(viewer, signal);
    const described = await computings.describe(computing, call);
    const architecture = (wish.architecture ?? software.architecture ?? undefined) as Architecture | undefined;
    checkFit(architecture, described);
    const engines = offered(computing, described);
    checkPermitted(software.flags, described, engines);
    const engine = chosenEngine(wish, permitted(software.flags, described, engines));
    const occasion = occasionOf(software, computing);
    const isGuarded = await this.#parts.registries.demand(viewer, occasion, software.registry, signal);
    const schema = driver.options(computings.resource(computing), described);
    const options = checkSettings(schema, (wish.options ?? {}) as JsonObject, 'options');
    const mounts = await storages.mounts(viewer, computing.id, call);
    const task = { key: wish.key, name: wish.name ?? software.name, computing, mounts };
    const staging = await stagings.plan(viewer, wish.staging ?? {}, task, call);
    const password = passwordFor(viewer, software, wish.password);
    const registryCredential = await this.#parts.keyring.choose(viewer, occasion, software.registry);
    const told = { userName: viewer.username, hasPassword: password !== undefined, stage: staging?.target };
    const snapshot: LaunchSnapshot = {
      image: imageOf(software),
      interface: interfaceOf(software),
      ...(architecture ? { architecture } : {}),
      ...(engine ? { engine } : {}),
      binds: mounts.map(({ bind }) => bind),
      mounted: Object.fromEntries(mounts.map(({ bind, storage: { id, name } }) => [bind.target, { id, name }])),
      env: environment(software, told),
      ...(staging && !staging.workspace ? { stage: staging.target } : {}),
      ...(registryCredential === undefined ? {} : { registryCredential }),
      ...(isGuarded ? { isRegistryGuarded: true as const } : {}),
    };
    return { software, computing, driver, snapshot, options, password, staging };
  }

  #checkProtocol(viewer: Viewer, software: Software): void {
    const protocol = this.#parts.protocols.get(software.protocol);
    if (!protocol) {
      const message = `The plugin for “${software.protocol}” interfaces is not active.`;
      throw new SteleError('UNSUPPORTED', message, { field: 'software' });
    }
    if (protocol.needsPowerUser && !hasRole(viewer, 'power')) {
      throw new SteleError('DENIED', `Software that speaks ${protocol.title} is for power users.`, {
        field: 'software',
      });
    }
  }

  async #suits(
    viewer: Viewer,
    software: Software,
    computing: Computing,
    described: ComputingDescription,
    signal: AbortSignal,
  ): Promise<Fit> {
    const { registry } = software;
    const reason =
      refusal(software.flags, described, offered(computing, described)) ??
      (await this.#parts.registries.refusal(viewer, occasionOf(software, computing), registry, signal));
    return reason === undefined ? fit(software.architecture, described) : { fits: false, reason };
  }

  #call(viewer: Viewer, signal: AbortSignal) {
    const who = { kind: 'user', id: viewer.id, name: viewer.username } as const;
    return callFor(who, this.#parts.log, signal, describeLimit);
  }
}

function own(viewer: Viewer, task: Task): Task {
  if (task.owner.id === viewer.id) return task;
  throw new SteleError('CONFLICT', 'This key belongs to another task. Choose another.', { field: 'key' });
}

/** 16 characters of 36: 82 bits. */
function newKey(): string {
  return Array.from({ length: 16 }, () => randomInt(36).toString(36)).join('');
}

function occasionOf(software: Software, computing: Computing): Occasion {
  return { software: ownerOf(software), computing: { owner: ownerOf(computing), auth: computing.auth } };
}

function interfaceOf({ port, protocol, transport, flags }: Software): LaunchSnapshot['interface'] {
  return { port, protocol, transport, ...(flags.customSocket ? { takesSocket: true } : {}) };
}

function imageOf({ registry, image, tag, digest }: Software): LaunchSnapshot['image'] {
  return { registry, repository: image, tag, ...(digest ? { digest } : {}) };
}

/** What the resource was set up with, as far as it is there; all that is there when it was set up with nothing. */
function offered(computing: Computing, described: ComputingDescription): readonly EngineChoice[] {
  if (computing.engines.length === 0) return described.engines;
  return described.engines.filter(({ id }) => computing.engines.some((allowed) => allowed.id === id));
}

function chosenEngine(wish: NewTask, engines: readonly EngineChoice[]): LaunchSnapshot['engine'] {
  const id = wish.engine?.id ?? engines[0]?.id;
  if (id === undefined) return undefined;
  const engine = engines.find((choice) => choice.id === id);
  if (!engine) throw new SteleError('INVALID', `“${id}” is not offered here.`, { field: 'engine.id' });
  const runtime = wish.engine?.runtime;
  if (runtime !== undefined && !engine.runtimes.includes(runtime)) {
    throw new SteleError('INVALID', `“${runtime}” is not offered here.`, { field: 'engine.runtime' });
  }
  return { id, ...(runtime === undefined ? {} : { runtime }) };
}

function checkFit(architecture: Architecture | undefined, described: ComputingDescription): void {
  const answer = fit(architecture, described);
  if (!answer.fits) throw new SteleError('INVALID', answer.reason ?? 'It does not fit.', { field: 'computing' });
}

/** S7, T1: generated for software that takes one; chosen by power users only. */
function passwordFor(viewer: Viewer, software: Software, wished: string | undefined): string | undefined {
  if (wished !== undefined && !software.flags.interfaceAuth) {
    throw new SteleError('INVALID', 'This software takes no password.', { field: 'password' });
  }
  if (wished !== undefined && !hasRole(viewer, 'power')) {
    throw new SteleError('DENIED', 'Only power users choose the password themselves.', { field: 'password' });
  }
  return software.flags.interfaceAuth ? (wished ?? newKey()) : undefined;
}
