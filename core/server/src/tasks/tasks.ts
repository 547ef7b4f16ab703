import {
  type Call,
  type ComputingDriver,
  type LogOptions,
  type Logger,
  type Reach,
  SteleError,
  type TaskEvent,
} from '@stele/sdk';
import type { CheckResult, NewTask, Task as TaskView } from '@stele/sdk/api';
import { type Action, decide, type Viewer } from '../accounts/index.ts';
import type { Computings } from '../computing/index.ts';
import type { Computing, SecretBox, Task } from '../model/index.ts';
import { askToBringBack, needsClearing } from '../staging/index.ts';
import { censoredEvents, type Opener } from './censored.ts';
import { followed } from './followed.ts';
import { callFor, handleOf } from './handle.ts';
import { isNoLog, type LogArchive } from './log-archive.ts';
import type { Launcher } from './launch.ts';
import type { Reconciler } from './reconciler.ts';
import { openSecrets } from './secrets.ts';
import type { Settler } from './settler.ts';
import type { TaskCursor } from './task-rows.ts';
import { ownerOfTask, type TaskStore } from './task-store.ts';

/** Events of a task that are shown: the newest. */
const mostEvents = 100;

/** What the tasks room is made of. */
export interface TasksParts {
  readonly store: TaskStore;
  readonly launcher: Launcher;
  readonly reconciler: Reconciler;
  readonly settler: Settler;
  readonly archive: LogArchive;
  readonly computings: Computings;
  readonly secrets: SecretBox;
  readonly keyring: Opener;
  readonly log: Logger;
}

/** Tasks, as those who ask for them see them. */
export class Tasks {
  readonly launcher: Launcher;
  readonly #parts: TasksParts;

  constructor(parts: TasksParts) {
    this.#parts = parts;
    this.launcher = parts.launcher;
  }

  async launch(viewer: Viewer, wish: NewTask, signal: AbortSignal): Promise<Task> {
    const row = await this.#parts.launcher.launch(viewer, wish, signal);
    if (row.computing) this.#parts.reconciler.poke(row.computing.id);
    return row;
  }

  /** How a resource is, for whoever may see it. One that answers is looked after at once, however long it was away. */
  async check(viewer: Viewer, computing: string, signal: AbortSignal): Promise<CheckResult> {
    const result = await this.#parts.launcher.check(viewer, computing, signal);
    if (result.ok) this.#parts.reconciler.poke(computing);
    return result;
  }

  /** The viewer's own, the newest first. */
  async list(viewer: Viewer, limit: number, after: TaskCursor | undefined): Promise<TaskView[]> {
    return this.#parts.store.ofOwner(viewer.id, limit, after);
  }

  /** One that the viewer may see. */
  async show(viewer: Viewer, id: string): Promise<TaskView> {
    const view = await this.#parts.store.viewById(id);
    if (!view || !decide(viewer, 'see', view)) throw missing();
    return view;
  }

  async get(viewer: Viewer, id: string, action: Action): Promise<Task> {
    const row = await this.#parts.store.byId(id);
    const object = row && !row.deleteRequestedAt ? { owner: ownerOfTask(row) } : undefined;
    if (!row || !object || !decide(viewer, 'see', object)) throw missing();
    if (!decide(viewer, action, object)) throw new SteleError('DENIED', 'This task belongs to somebody else.');
    return row;
  }

  /** Asks for the end; the rounds see to it, also after a crash. Idempotent. */
  async stop(viewer: Viewer, id: string): Promise<Task> {
    await this.get(viewer, id, 'change');
    const row = await this.#parts.store.change(id, (fresh) =>
      fresh.phase === 'ended' || fresh.stopRequestedAt
        ? {}
        : { stopRequestedAt: new Date(), ready: false, ...stopping(fresh) },
    );
    if (!row) throw missing();
    if (row.computing) this.#parts.reconciler.poke(row.computing.id);
    return row;
  }

  /** Asks for the task's folder to be brought back now; the rounds see to it. Idempotent while it is under way. */
  async bringBack(viewer: Viewer, id: string): Promise<Task> {
    await this.get(viewer, id, 'change');
    const row = await this.#parts.store.change(id, askToBringBack);
    if (!row) throw missing();
    if (row.computing) this.#parts.reconciler.poke(row.computing.id);
    return row;
  }

  /** Forgets an ended task; what it left on the resource is removed first, even if that takes until the resource is back. */
  async delete(viewer: Viewer, id: string): Promise<void> {
    const row = await this.get(viewer, id, 'change');
    if (!row.hasEnded()) throw new SteleError('CONFLICT', 'This task has not ended. Stop it first.');
    const marked = await this.#parts.store.change(id, (fresh) =>
      fresh.cleanedAt && !needsClearing(fresh) ? {} : { deleteRequestedAt: new Date(), cleanedAt: null },
    );
    if (marked?.cleanedAt) await this.#parts.settler.forget(marked);
    else if (marked?.computing) this.#parts.reconciler.poke(marked.computing.id);
  }

  /** What the task printed; where it is followed, on until the task ends, whatever cuts it on the way. */
  async *logs(viewer: Viewer, id: string, options: LogOptions, signal: AbortSignal): AsyncIterable<Uint8Array> {
    if (options.follow !== true) return yield* this.#printed(viewer, id, options, signal);
    yield* followed(options, {
      read: (how) => this.#printed(viewer, id, how, signal),
      goesOn: () => this.#runs(id),
      onCut: (error) => this.#parts.log.info('the log of a task was cut; it is read on', { task: id, error }),
      signal,
    });
  }

  /** From the resource while it is there, from the archive afterwards. */
  async *#printed(viewer: Viewer, id: string, options: LogOptions, signal: AbortSignal): AsyncIterable<Uint8Array> {
    const row = await this.get(viewer, id, 'see');
    const { archive } = this.#parts;
    // Kept before the resource is cleaned up: from then on the resource may have it no more. One that never ran has none.
    if (await archive.has(row.key)) return yield* archive.read(row.key, options);
    if (row.cleanedAt) return;
    const { computing, driver, call } = await this.#at(row, signal);
    try {
      const given = driver.logs(this.#parts.computings.resource(computing), handleOf(row), options, call);
      yield* row.hasEnded() ? archive.readEnded(row.key, options, given) : given;
    } catch (error) {
      if (!isNoLog(error)) throw error;
      if (await archive.has(row.key)) yield* archive.read(row.key, options);
    }
  }

  /** What its resource says happened to a task; nothing where it tells nothing, or is gone itself. */
  async events(viewer: Viewer, id: string, signal: AbortSignal): Promise<readonly TaskEvent[]> {
    const row = await this.get(viewer, id, 'see');
    if (!row.computing) return [];
    const { computing, driver, call } = await this.#at(row, signal);
    const events = await driver.events?.(this.#parts.computings.resource(computing), handleOf(row), call);
    return await censoredEvents(this.#parts.keyring, row.launch, events?.slice(-mostEvents) ?? []);
  }

  /** How the gateway gets to a task's interface. */
  async reach(key: string, signal: AbortSignal): Promise<Reach> {
    const row = await this.#parts.store.byKey(key);
    if (!row || row.phase !== 'running') throw new SteleError('CONFLICT', 'This task is not running.');
    const { computing, driver, call } = await this.#at(row, signal);
    return driver.reach(this.#parts.computings.resource(computing), handleOf(row), call);
  }

  /** The one-time password, for whoever may use the task. */
  password(row: Task): string | undefined {
    return row.secrets ? openSecrets(this.#parts.secrets, row.key, row.secrets).AUTH_PASS : undefined;
  }

  /** The one-time password as HTTP's basic log-in, for the gateway to say in its users' stead. */
  async authorization(key: string): Promise<string | undefined> {
    const row = await this.#parts.store.byKey(key);
    const password = row ? this.password(row) : undefined;
    if (row === null || row === undefined || password === undefined) return undefined;
    return `Basic ${Buffer.from(`${row.launch.env?.['AUTH_USER'] ?? ''}:${password}`).toString('base64')}`;
  }

  view(row: Task): TaskView {
    return this.#parts.store.view(row);
  }

  /** Whether a task runs; what is known of it is asked anew meanwhile. */
  async #runs(id: string): Promise<boolean> {
    const row = await this.#parts.store.byId(id);
    if (row?.computing) this.#parts.reconciler.poke(row.computing.id);
    return row?.phase === 'running';
  }

  async #at(row: Task, signal: AbortSignal): Promise<{ computing: Computing; driver: ComputingDriver; call: Call }> {
    const { computings, log } = this.#parts;
    const computing = row.computing ? await computings.store.find(row.computing.id) : undefined;
    if (!computing) throw new SteleError('NOT_FOUND', 'The resource that this task ran on is gone.');
    return { computing, driver: computings.driver(computing.driver), call: callFor(handleOf(row).who, log, signal) };
  }
}

const missing = (): SteleError => new SteleError('NOT_FOUND', 'There is no such task.');

const stopping = (fresh: Task): { phase?: 'stopping'; reason: string } =>
  fresh.phase === 'submitting' ? { reason: 'Stopping.' } : { phase: 'stopping', reason: 'Stopping.' };
