import { randomUUID } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import {
  type AccessMethod,
  type Call,
  type ComputingDescription,
  type ComputingDriver,
  type ComputingResource,
  isSteleError,
  type JsonObject,
  type JsonSchema,
  type Registry,
  SteleError,
} from '@stele/sdk';
import type { CheckResult, Computing as ComputingView, ComputingPatch, NewComputing } from '@stele/sdk/api';
import { decide, type Viewer } from '../accounts/index.ts';
import { Computing, ownerOf, type SecretBox, Task } from '../model/index.ts';
import { type OwnedStore, type OwnerNames, ownerView } from '../owned/index.ts';
import { keptSettings, sealSettings, type SecretSettings, secretsSet, settingsOf } from '../secrets/index.ts';
import {
  changeOf,
  type Checked,
  checkCombination,
  type Combination,
  needsOperator,
  type Schemas,
  wayOf,
} from './combination.ts';
import { Descriptions } from './descriptions.ts';
import { faultOf, type NoteHealth } from './health.ts';
import { newKeyRemark } from './new-key.ts';
import { offerOf } from './offer.ts';
import { said } from './said.ts';

/** A resource as drivers see it, its secrets opened. */
export function resourceOf(entity: Computing, secrets: SecretBox): ComputingResource {
  const { id, name, driver, access, auth, engines } = entity;
  return { id, name, driver, access, auth, engines, ...settingsOf(secrets, entity) };
}

const placeOf = ({ access, auth, accessConf, conf }: Computing) => ({ access, auth, accessConf, conf });

/** Who is refused for what is theirs learns something of their account, and nothing of the resource; unless its settings are to blame. */
function isOwnFault({ auth }: Computing, { code, field = '' }: SteleError): boolean {
  return code === 'DENIED' && auth.startsWith('user-') && !/^(accessConf|conf)\b/.test(field);
}

/** Places where tasks run. */
export class Computings {
  readonly store: OwnedStore<Computing>;
  readonly noteHealth: NoteHealth;
  readonly #drivers: Registry<ComputingDriver>;
  readonly #methods: Registry<AccessMethod>;
  readonly #isKeyReplaced: () => Promise<boolean>;
  readonly #secrets: SecretBox;
  readonly #descriptions = new Descriptions();

  /** @param isKeyReplaced whether the platform's key is being replaced */
  constructor(
    store: OwnedStore<Computing>,
    drivers: Registry<ComputingDriver>,
    methods: Registry<AccessMethod>,
    secrets: SecretBox,
    noteHealth: NoteHealth,
    isKeyReplaced: () => Promise<boolean> = async () => false,
  ) {
    this.store = store;
    this.noteHealth = noteHealth;
    this.#drivers = drivers;
    this.#methods = methods;
    this.#isKeyReplaced = isKeyReplaced;
    this.#secrets = secrets;
  }

  /** @throws UNSUPPORTED when its plugin isn't active */
  driver(id: string): ComputingDriver {
    const driver = this.#drivers.get(id);
    if (driver) return driver;
    const message = `The plugin that runs “${id}” resources is not active.`;
    throw new SteleError('UNSUPPORTED', message, { field: 'driver' });
  }

  /** Folders in which tasks of resources with the platform's own rights have what is theirs, beside the homes of accounts. */
  async keptFolders(): Promise<string[]> {
    const ours = (await this.store.all()).filter(({ auth }) => needsOperator(auth));
    return ours.flatMap((row) => this.#drivers.get(row.driver)?.keeps?.(this.resource(row)) ?? []);
  }

  async create(viewer: Viewer, input: NewComputing): Promise<Computing> {
    const { owner, name, driver } = input;
    const id = randomUUID();
    const parts = this.#sealed(id, this.#checked(viewer, driver, input));
    const engines = this.#engines(driver, input.engines ?? []);
    return this.store.create(viewer, owner, { id, name, driver, engines, ...parts } as Partial<Computing>);
  }

  async update(viewer: Viewer, id: string, patch: ComputingPatch): Promise<Computing> {
    const now = await this.store.get(viewer, id, 'change');
    const { owner, name = now.name, driver = now.driver } = patch;
    const engines = this.#engines(driver, patch.engines ?? (driver === now.driver ? now.engines : []));
    const kept = keptSettings(
      this.#secrets,
      now,
      changeOf({ ...placeOf(now), kind: now.driver }, { ...patch, kind: driver }, this.schemas(now)),
    );
    const parts = this.#checked(viewer, driver, { ...placeOf(now), ...patch }, kept);
    const values = { name, driver, engines, ...this.#sealed(id, parts) } as Partial<Computing>;
    const row = await this.store.update(viewer, id, owner, values);
    // Afterwards: what was asked until then was about the resource as it had been.
    this.#descriptions.forget(id);
    return row;
  }

  /** Refused while tasks live there or have left something there. */
  async remove(viewer: Viewer, id: string): Promise<void> {
    await this.store.remove(viewer, id, async (em) => {
      // Locked before it is counted: a launch that comes in between would leave a task without a resource.
      await em.findOne(Computing, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      const left = await em.count(Task, { computing: id, cleanedAt: null });
      if (left === 0) return;
      const message = `${left} of its tasks have not ended or are not cleaned up yet. Stop them first.`;
      throw new SteleError('CONFLICT', message);
    });
    this.#descriptions.forget(id);
  }

  /** Schemas of what it has of settings and credentials, as far as their plugins are active. */
  schemas({ driver, access }: Pick<Computing, 'driver' | 'access'>): Schemas & { readonly credentials?: JsonSchema } {
    const { conf, credentials } = this.#drivers.get(driver) ?? {};
    return { conf, accessConf: this.#methods.get(access)?.conf, ...(credentials ? { credentials } : {}) };
  }

  /** As drivers see it. */
  resource(entity: Computing): ComputingResource {
    return resourceOf(entity, this.#secrets);
  }

  async describe(entity: Computing, call: Call): Promise<ComputingDescription> {
    return this.#descriptions.of(this.driver(entity.driver), this.resource(entity), call);
  }

  /** What a resource offers is asked anew: somebody is another there now. */
  forget(id: string): void {
    this.#descriptions.forget(id);
  }

  /** What resources offer is asked anew: the plugins behind them have changed. */
  forgetDescriptions(): void {
    this.#descriptions.clear();
  }

  /** Asks the resource how it is, now, as `call.who`; `viewer` reads the answer. */
  async check(viewer: Viewer, entity: Computing, call: Call): Promise<CheckResult> {
    this.#descriptions.forget(entity.id);
    try {
      const { facts } = await this.describe(entity, call);
      await this.noteHealth(entity.id, undefined);
      const remark = await this.#remark(viewer, entity, call);
      return { ok: true, ...remark, facts: facts.map(({ label, value }) => ({ label, value })) };
    } catch (error) {
      if (!isSteleError(error)) throw error;
      if (!isOwnFault(entity, error)) await this.noteHealth(entity.id, faultOf(error));
      return this.#failed(viewer, entity, error);
    }
  }

  /** For who may do something about it: it costs a log-in. */
  async #remark(viewer: Viewer, entity: Computing, call: Call): Promise<{ reason?: string }> {
    if (entity.auth !== 'platform-keys' || !decide(viewer, 'change', { owner: ownerOf(entity) })) return {};
    if (!(await this.#isKeyReplaced())) return {};
    const reason = await newKeyRemark(() => this.describe(entity, { ...call, isTrial: true }));
    return reason === undefined ? {} : { reason };
  }

  #failed(viewer: Viewer, entity: Computing, error: SteleError): CheckResult {
    const { message, code, field } = error;
    const mayChange = decide(viewer, 'change', { owner: ownerOf(entity) });
    const conf = this.#methods.get(entity.access)?.conf;
    const offer = mayChange && conf ? offerOf(error, conf, this.resource(entity).accessConf) : undefined;
    return {
      ok: false,
      reason: said(message),
      code,
      ...(field === undefined ? {} : { field }),
      ...(offer ? { offer } : {}),
      facts: [],
    };
  }

  /** @throws INVALID (field `engines`) where there are none to choose */
  #engines(driver: string, engines: Computing['engines']): Computing['engines'] {
    const { title, capabilities } = this.#drivers.get(driver) ?? {};
    if (engines.length === 0 || capabilities?.bringsEngine !== true) return engines;
    throw new SteleError('INVALID', `${title}: it runs containers by itself, with no engine to choose.`, {
      field: 'engines',
    });
  }

  #checked(
    viewer: Viewer,
    driver: string,
    input: Pick<ComputingPatch, 'access' | 'auth' | 'accessConf' | 'conf' | 'credentials'>,
    kept?: SecretSettings,
  ): Checked {
    const parts = {
      ...wayOf(this.driver(driver).accepts, input),
      accessConf: (input.accessConf ?? {}) as ComputingResource['accessConf'],
      conf: (input.conf ?? {}) as ComputingResource['conf'],
      credentials: (input.credentials ?? {}) as JsonObject,
    };
    if (viewer.role !== 'admin') refuseForUsers(this.driver(driver), parts);
    return checkCombination(this.driver(driver), parts, this.#methods, kept);
  }

  #sealed(id: string, { secrets, ...parts }: Checked): Partial<Computing> {
    return { ...parts, secrets: sealSettings(this.#secrets, id, secrets) };
  }

  view(viewer: Viewer, entity: Computing, names: OwnerNames): ComputingView {
    const { id, name, driver, access, auth, engines } = entity;
    const rights = this.store.rights(viewer, entity);
    const kind = this.#drivers.get(driver)?.kind;
    return {
      ...{ id, name, driver, access, auth },
      accessConf: rights.change ? { ...entity.accessConf } : {},
      conf: rights.change ? { ...entity.conf } : {},
      secrets: rights.change ? secretsSet(entity) : [],
      ...(kind ? { kind } : {}),
      engines: engines.map((engine) => ({ id: engine.id, runtimes: [...engine.runtimes] })),
      owner: ownerView(ownerOf(entity), names),
      isDeclared: Boolean(entity.declaredAs),
      rights,
      health: {
        state: entity.healthState,
        ...(entity.healthReason ? { reason: entity.healthReason } : {}),
        ...(entity.healthCode ? { code: entity.healthCode } : {}),
        ...(entity.healthSince ? { since: entity.healthSince.toISOString() } : {}),
      },
      createdAt: entity.createdAt.toISOString(),
    };
  }
}

/** @throws DENIED for what acts with the platform's rights, or from where the platform is */
function refuseForUsers({ accepts }: ComputingDriver, { access, auth }: Pick<Combination, 'access' | 'auth'>): void {
  if (needsOperator(auth)) {
    const message = 'Only an administrator sets up resources that work with the platform’s own credentials.';
    throw new SteleError('DENIED', message, { field: 'auth' });
  }
  if (accepts.some((row) => row.access === access && row.isForAdmins === true)) {
    const message = 'Only an administrator sets up resources that the platform connects to by itself.';
    throw new SteleError('DENIED', message, { field: 'access' });
  }
}
