import { messageOf } from '@stele/sdk';
import { Activation, type Surroundings } from './activation.ts';
import { asFailure, type PluginFailure } from './failure.ts';
import { type Absent, type GraphNode, type Obstacle, type Plan, planGraph } from './graph.ts';
import type { PluginRecord } from './record.ts';

type Bindings = ReadonlyMap<symbol, Activation>;

/** Makes what is active what should be: takes down who may not be up, brings up who may, in the order of the plan. */
export class Reconciler {
  readonly #records: ReadonlyMap<string, PluginRecord>;
  readonly #surroundings: Surroundings;
  readonly #onState: (record: PluginRecord) => void;
  /** In the order of activation. */
  readonly #active = new Map<Activation, PluginRecord>();
  readonly #closing = new WeakMap<Activation, Promise<void>>();

  constructor(
    records: ReadonlyMap<string, PluginRecord>,
    surroundings: Surroundings,
    onState: (record: PluginRecord) => void,
  ) {
    this.#records = records;
    this.#surroundings = surroundings;
    this.#onState = onState;
  }

  /** A failure changes the plan, so passes are made until one goes through. A failed plugin is not tried again. */
  async settle(stop: AbortSignal): Promise<void> {
    let isSettled = false;
    while (!isSettled && !stop.aborted) isSettled = await this.#pass(stop);
  }

  async takeAllDown(): Promise<void> {
    await this.#takeDown([...this.#active.keys()]);
  }

  async #pass(stop: AbortSignal): Promise<boolean> {
    const plan = this.#plan();
    const order = new Set(plan.order);
    const leaving = [...this.#active].filter(([, { id }]) => !order.has(id));
    await this.#takeDown(leaving.map(([activation]) => activation));
    this.#showIdle(plan);
    return this.#bringAllUp(plan, stop);
  }

  /** Side by side, each after its providers, so that one that hangs keeps only its dependents waiting. */
  async #bringAllUp(plan: Plan, stop: AbortSignal): Promise<boolean> {
    const results = new Map<string, Promise<boolean>>();
    for (const id of plan.order) {
      const providers = new Set(plan.bindings.get(id)?.values());
      const waits = [...providers].map(async (provider) => results.get(provider));
      results.set(
        id,
        Promise.all(waits).then((all) => !all.includes(false) && this.#bringUp(id, plan, stop)),
      );
    }
    const all = await Promise.all(results.values());
    return !all.includes(false);
  }

  #plan(): Plan {
    const records = [...this.#records.values()];
    const nodes = records.filter((one) => one.enabled && !one.failure).flatMap(nodeOf);
    const absent = records.filter((one) => !one.enabled || one.failure).map(absentOf);
    return planGraph(nodes, this.#surroundings.core.tokens, absent);
  }

  /** States of all who aren't in the plan's order. */
  #showIdle({ obstacles }: Plan): void {
    for (const record of this.#records.values()) {
      const obstacle = obstacles.get(record.id);
      if (!record.enabled) this.#set(record, { state: 'disabled' });
      else if (record.failure) this.#showFailure(record, record.failure);
      else if (obstacle) this.#showObstacle(record, obstacle);
    }
  }

  /** Returns whether the plan still holds. */
  async #bringUp(id: string, plan: Plan, stop: AbortSignal): Promise<boolean> {
    if (stop.aborted) return true;
    const record = this.#record(id);
    const bindings = this.#bindingsOf(record, plan);
    if (record.activation?.isBoundTo(bindings)) return true;
    if (record.activation) await this.#takeDown([record.activation]);
    try {
      await this.#activate(record, bindings, stop);
    } catch (error) {
      if (stop.aborted) this.#set(record, { state: 'disabled' });
      else record.failure = asFailure(error);
      return false;
    }
    return !this.#forgive(record);
  }

  #bindingsOf(record: PluginRecord, plan: Plan): Bindings {
    const bindings = new Map<symbol, Activation>();
    for (const [token, provider] of plan.bindings.get(record.id) ?? []) {
      const { activation } = this.#record(provider);
      if (activation) bindings.set(token, activation);
    }
    return bindings;
  }

  async #activate(record: PluginRecord, bindings: Bindings, stop: AbortSignal): Promise<void> {
    const { id, definition, settings } = record;
    if (!definition || !settings) throw new Error(`plugin ${id} was not prepared`);
    this.#set(record, { state: 'activating' });
    const activation = new Activation({ id, definition, settings, bindings }, this.#surroundings);
    await activation.open(stop);
    record.activation = activation;
    this.#active.set(activation, record);
    this.#set(record, { state: 'active' });
  }

  /** Whoever failed with the services that `provider` gave before gets another try with the new ones. */
  #forgive(provider: PluginRecord): boolean {
    const provided = new Set(provider.definition?.provides);
    const waiting = [...this.#records.values()].filter(
      (one) => isActivationFailure(one.failure) && uses(one, provided),
    );
    for (const record of waiting) record.failure = undefined;
    return waiting.length > 0;
  }

  /** Deactivates these and all who hold something of theirs, last activated first. */
  async #takeDown(activations: readonly Activation[]): Promise<void> {
    const going = new Set(activations);
    for (const activation of this.#active.keys()) {
      if (activation.parts.bindings.values().some((provider) => going.has(provider))) going.add(activation);
    }
    const downwards = [...this.#active.keys()].filter((activation) => going.has(activation)).toReversed();
    for (const activation of downwards) await this.#deactivate(activation);
  }

  /** Once, whoever asks: plugins that are brought up side by side may take down the same dependent. */
  async #deactivate(activation: Activation): Promise<void> {
    const record = this.#active.get(activation);
    if (!record) return;
    let closing = this.#closing.get(activation);
    if (!closing) this.#closing.set(activation, (closing = this.#close(record, activation)));
    await closing;
  }

  async #close(record: PluginRecord, activation: Activation): Promise<void> {
    this.#set(record, { state: 'deactivating' });
    const problems = await activation.close(new Error('The plugin is being deactivated'));
    for (const error of problems) {
      this.#surroundings.log.error('A plugin did not give everything back', {
        plugin: record.id,
        code: 'DISPOSE_FAILED',
        error,
      });
    }
    record.leftover = problems.length > 0 ? `not given back: ${problems.map(messageOf).join('; ')}` : undefined;
    record.activation = undefined;
    this.#active.delete(activation);
    this.#set(record, record.enabled ? { state: 'blocked', reason: 'waits for what it needs' } : { state: 'disabled' });
  }

  #showFailure(record: PluginRecord, { code, message, cause }: PluginFailure): void {
    const isNews = this.#set(record, { state: 'failed', code, reason: message });
    if (isNews)
      this.#surroundings.log.error('A plugin failed', { plugin: record.id, code, reason: message, error: cause });
  }

  #showObstacle(record: PluginRecord, { code, reason }: Obstacle): void {
    const isNews = this.#set(record, { state: code === 'TOKEN_TAKEN' ? 'failed' : 'blocked', code, reason });
    if (isNews) this.#surroundings.log.warn('A plugin is blocked', { plugin: record.id, code, reason });
  }

  #set(record: PluginRecord, status: Parameters<PluginRecord['setStatus']>[0]): boolean {
    const isNews = record.setStatus(status);
    if (isNews) this.#onState(record);
    return isNews;
  }

  #record(id: string): PluginRecord {
    const record = this.#records.get(id);
    if (!record) throw new Error(`no plugin ${id}`);
    return record;
  }
}

function nodeOf({ id, definition }: PluginRecord): GraphNode[] {
  if (!definition) return [];
  const { requires, optional, provides } = definition;
  return [{ id, requires: Object.values(requires), optional: Object.values(optional), provides }];
}

function absentOf({ id, enabled, definition }: PluginRecord): Absent {
  return { id, provides: definition?.provides ?? [], state: enabled ? 'failed' : 'disabled' };
}

function isActivationFailure(failure: PluginFailure | undefined): boolean {
  return failure?.code === 'ACTIVATE_FAILED' || failure?.code === 'ACTIVATE_TIMEOUT';
}

function uses({ enabled, definition }: PluginRecord, tokens: ReadonlySet<symbol>): boolean {
  const used = [...Object.values(definition?.requires ?? {}), ...Object.values(definition?.optional ?? {})];
  return enabled && used.some((token) => tokens.has(token));
}
