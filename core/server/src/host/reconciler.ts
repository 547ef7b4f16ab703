import { messageOf } from '@stele/sdk';
import { Activation, type Surroundings } from './activation.ts';
import { asFailure, type PluginFailure } from './failure.ts';
import { type Absent, type GraphNode, type Plan, planGraph } from './graph.ts';
import type { PluginRecord } from './record.ts';

type Bindings = ReadonlyMap<symbol, Activation>;

/** Makes what is active what should be: takes down who may not be up, brings up who may, in the order of the plan. */
export class Reconciler {
  readonly #records: ReadonlyMap<string, PluginRecord>;
  readonly #surroundings: Surroundings;
  readonly #onState: (record: PluginRecord) => void;
  /** In the order of activation. */
  readonly #active = new Set<PluginRecord>();

  constructor(
    records: ReadonlyMap<string, PluginRecord>,
    surroundings: Surroundings,
    onState: (record: PluginRecord) => void,
  ) {
    this.#records = records;
    this.#surroundings = surroundings;
    this.#onState = onState;
  }

  /** Each failure changes the plan, so it starts over until one pass goes through. A failed plugin is not tried again. */
  async settle(stop: AbortSignal): Promise<void> {
    let isSettled = false;
    while (!isSettled && !stop.aborted) isSettled = await this.#pass(stop);
  }

  async takeAllDown(): Promise<void> {
    await this.#takeDown([...this.#active]);
  }

  async #pass(stop: AbortSignal): Promise<boolean> {
    const plan = this.#plan();
    const order = new Set(plan.order);
    await this.#takeDown([...this.#active].filter(({ id }) => !order.has(id)));
    this.#showIdle(plan);
    for (const id of plan.order) {
      if (stop.aborted) return true;
      const isAsPlanned = await this.#bringUp(this.#record(id), plan, stop);
      if (!isAsPlanned) return false;
    }
    return true;
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
      else if (record.failure) this.#fail(record, record.failure);
      else if (obstacle)
        this.#set(record, { state: obstacle.code === 'TOKEN_TAKEN' ? 'failed' : 'blocked', ...obstacle });
    }
  }

  /** Returns whether the plan still holds. */
  async #bringUp(record: PluginRecord, plan: Plan, stop: AbortSignal): Promise<boolean> {
    const bindings = this.#bindingsOf(record, plan);
    if (record.activation?.isBoundTo(bindings)) return true;
    await this.#takeDown([record]);
    try {
      await this.#activate(record, bindings, stop);
    } catch (error) {
      if (!stop.aborted) record.failure = asFailure(error);
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
    this.#active.add(record);
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
  async #takeDown(records: readonly PluginRecord[]): Promise<void> {
    const going = new Set(records.filter((one) => one.activation).map((one) => one.activation));
    const downwards: PluginRecord[] = [];
    for (const record of this.#active) {
      const { activation } = record;
      const isGoing =
        going.has(activation) || [...(activation?.parts.bindings.values() ?? [])].some((one) => going.has(one));
      if (!isGoing) continue;
      going.add(activation);
      downwards.unshift(record);
    }
    for (const record of downwards) await this.#deactivate(record);
  }

  async #deactivate(record: PluginRecord): Promise<void> {
    this.#set(record, { state: 'deactivating' });
    const problems = (await record.activation?.close(new Error('The plugin is being deactivated'))) ?? [];
    for (const error of problems) {
      this.#surroundings.log.error('A plugin did not give everything back', {
        plugin: record.id,
        code: 'DISPOSE_FAILED',
        error,
      });
    }
    record.leftover = problems.length > 0 ? `not given back: ${problems.map(messageOf).join('; ')}` : undefined;
    record.activation = undefined;
    this.#active.delete(record);
    this.#set(record, { state: record.enabled ? 'blocked' : 'disabled' });
  }

  #fail(record: PluginRecord, { code, message, cause }: PluginFailure): void {
    const isNews = this.#set(record, { state: 'failed', code, reason: message });
    if (isNews)
      this.#surroundings.log.error('A plugin failed', { plugin: record.id, code, reason: message, error: cause });
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
