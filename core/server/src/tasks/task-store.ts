import type { EntityManager } from '@mikro-orm/postgresql';
import {
  ForeignKeyConstraintViolationException,
  LockMode,
  type RequiredEntityData,
  UniqueConstraintViolationException,
} from '@mikro-orm/core';
import { type InterfaceProtocol, type Registry, SteleError } from '@stele/sdk';
import type { Task as TaskView } from '@stele/sdk/api';
import type { EventBus } from '../events.ts';
import { noteStart } from '../notices/index.ts';
import { type Channel, type Fence, noFence, silence } from '../replicas/index.ts';
import { type Database, type Owner, Task } from '../model/index.ts';
import type { TaskFacts } from './transition.ts';
import { type ExposureOf, findView, listViews, type TaskCursor } from './task-rows.ts';
import { taskView } from './view.ts';

/** Columns that may change after the launch. */
export type TaskChange = Partial<TaskFacts> &
  Partial<Pick<Task, 'submittedAt' | 'stopRequestedAt' | 'deleteRequestedAt' | 'cleanedAt' | 'staged'>>;

type NewTaskRow = RequiredEntityData<Task> & { readonly key: string };

/** Reads and writes task rows; every change that somebody could see becomes an event. */
export class TaskStore {
  readonly #database: Database;
  readonly #bus: EventBus;
  readonly #protocols: Registry<InterfaceProtocol>;
  readonly #channel: Channel;
  readonly #fence: Fence;
  readonly #exposureOf: ExposureOf = (protocol) => this.#protocols.get(protocol)?.exposure;

  constructor(
    database: Database,
    bus: EventBus,
    protocols: Registry<InterfaceProtocol>,
    channel = silence,
    fence = noFence,
  ) {
    this.#database = database;
    this.#bus = bus;
    this.#protocols = protocols;
    this.#channel = channel;
    this.#fence = fence;
  }

  /** The same rows, changed only while the fence stands. */
  behind(fence: Fence): TaskStore {
    return new TaskStore(this.#database, this.#bus, this.#protocols, this.#channel, fence);
  }

  /**
   * Writes a task down; of two with the same key at once, the first, which both get.
   * @throws CONFLICT when its software or resource was removed meanwhile
   */
  async insert(values: NewTaskRow): Promise<Task> {
    try {
      const row = await this.#database.em().transactional((em) => this.#insert(em, values));
      this.tell(row);
      return row;
    } catch (error) {
      const first = error instanceof UniqueConstraintViolationException ? await this.byKey(values.key) : undefined;
      if (first) return first;
      throw error instanceof ForeignKeyConstraintViolationException ? removedMeanwhile(error) : error;
    }
  }

  async #insert(em: EntityManager, values: NewTaskRow): Promise<Task> {
    const row = em.create(Task, values);
    await em.persist(row).flush();
    await em.populate(row, ['owner']);
    await this.#channel.tellWithin(em, { kind: 'task', id: row.id });
    return row;
  }

  async byId(id: string): Promise<Task | undefined> {
    return (await this.#database.em().findOne(Task, { id }, { populate: ['owner'] })) ?? undefined;
  }

  /** With its resource as that is now. */
  async withComputing(id: string): Promise<Task | undefined> {
    return (await this.#database.em().findOne(Task, { id }, { populate: ['owner', 'computing'] })) ?? undefined;
  }

  async byKey(key: string): Promise<Task | undefined> {
    return (await this.#database.em().findOne(Task, { key }, { populate: ['owner'] })) ?? undefined;
  }

  /** Everything on a resource that still needs looking after: not ended, or ended and not cleaned. */
  async unsettled(computing: string): Promise<Task[]> {
    return this.#database
      .em()
      .find(Task, { computing, cleanedAt: null }, { populate: ['owner'], orderBy: { createdAt: 'asc' } });
  }

  /** Launched on a resource, and nobody has tried to submit them yet: who has, leaves a word. */
  async untried(computing: string): Promise<Task[]> {
    return this.#database
      .em()
      .find(
        Task,
        { computing, phase: 'submitting', reason: null, stopRequestedAt: null },
        { populate: ['owner'], orderBy: { createdAt: 'asc' } },
      );
  }

  /** Whether a resource has any that need looking after. */
  async hasUnsettled(computing: string): Promise<boolean> {
    return (await this.#database.em().count(Task, { computing, cleanedAt: null })) > 0;
  }

  /** Those of these that are there. */
  async byIds(ids: readonly string[]): Promise<Task[]> {
    return this.#database.em().find(Task, { id: { $in: [...ids] } }, { populate: ['owner'] });
  }

  /** Resources with unsettled tasks. */
  async busyComputings(): Promise<string[]> {
    const rows = await this.#database
      .em()
      .find(Task, { cleanedAt: null, computing: { $ne: null } }, { fields: ['computing'] });
    return [...new Set(rows.flatMap((row) => (row.computing ? [row.computing.id] : [])))];
  }

  /** Everything that hasn't ended. */
  async live(): Promise<Task[]> {
    return this.#database.em().find(Task, { phase: { $ne: 'ended' } }, { populate: ['owner'] });
  }

  /** A user's tasks, the newest first. */
  async ofOwner(owner: string, limit: number, after: TaskCursor | undefined): Promise<TaskView[]> {
    return listViews(this.#database, owner, limit, after, this.#exposureOf);
  }

  /** One task as the API shows it; `undefined` as well for one whose removal was asked for. */
  async viewById(id: string): Promise<TaskView | undefined> {
    return findView(this.#database, id, this.#exposureOf);
  }

  /**
   * Changes the row as it is at that moment, locked against everybody else. What stays the same is neither written nor told.
   * @returns the row after the change, or `undefined` when it is gone
   */
  async change(id: string, change: (row: Task) => TaskChange): Promise<Task | undefined> {
    let [isChanged, isNoticed] = [false, false];
    const row = await this.#database.em().transactional(async (em) => {
      await this.#fence.hold(em);
      const fresh = await em.findOne(Task, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      if (!fresh) return undefined;
      const changes = differences(fresh, change(fresh));
      isChanged = Object.keys(changes).length > 0;
      if (isChanged) em.assign(fresh, changes);
      if (isChanged) await this.#channel.tellWithin(em, { kind: 'task', id });
      isNoticed = isChanged && isNoteworthy(fresh) && (await noteStart(em, fresh));
      await em.populate(fresh, ['owner']);
      return fresh;
    });
    if (row && isChanged) this.tell(row);
    if (row && isNoticed) this.#bus.publish('notice', {}, ownerOfTask(row));
    return row;
  }

  async remove(row: Task): Promise<void> {
    await this.#database.em().transactional(async (em) => {
      await em.nativeDelete(Task, { id: row.id });
      await this.#channel.tellWithin(em, { kind: 'task-removed', id: row.id, owner: ownerOfTask(row) });
    });
    this.#bus.publish('task-removed', { id: row.id }, ownerOfTask(row));
  }

  /** Tells who listens. A task whose removal was asked for is gone for everybody. */
  tell(row: Task): void {
    if (row.deleteRequestedAt) this.#bus.publish('task-removed', { id: row.id }, ownerOfTask(row));
    else this.#bus.publish('task', this.view(row), ownerOfTask(row));
  }

  view(row: Task): TaskView {
    return taskView(row, this.#exposureOf(row.launch.interface.protocol));
  }
}

function removedMeanwhile(cause: Error): SteleError {
  return new SteleError('CONFLICT', 'The software or the resource was removed a moment ago. Choose another.', {
    cause,
  });
}

/** A task belongs to the user who launched it. */
export const ownerOfTask = (row: Task): Owner => ({ kind: 'user', id: row.owner.id });

/** Whether its owner, who may have gone away meanwhile, is to be told that it has started. */
function isNoteworthy(row: Task): boolean {
  const hasStarted = row.phase === 'running' || (row.hasEnded() && Boolean(row.startedAt));
  return hasStarted && !row.stopRequestedAt && (row.mailAtStart || Boolean(row.queuedAt));
}

/** Whether a change would change anything. */
export function changes(row: Task, change: TaskChange): boolean {
  return Object.keys(differences(row, change)).length > 0;
}

/** What of `change` really changes the row. */
function differences(row: Task, change: TaskChange): Record<string, unknown> {
  const before = row as unknown as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(change)
      .map(([key, value]) => [key, value ?? null] as const)
      .filter(([key, value]) => comparable(before[key]) !== comparable(value)),
  );
}

const comparable = (value: unknown): unknown => (value instanceof Date ? value.getTime() : (value ?? null));
