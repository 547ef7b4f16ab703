import type { ComputingDriver, Logger } from '@stele/sdk';
import type { Computing, SecretBox, Task } from '../model/index.ts';
import { resourceOf } from '../computing/index.ts';
import { callFor, handleOf } from './handle.ts';
import { isNoLog, type LogArchive } from './log-archive.ts';
import { nextStep } from '../staging/index.ts';
import type { Fence } from '../replicas/index.ts';
import type { TaskStore } from './task-store.ts';

const limit = 60_000;

/** After a task's end: its log is brought home, what it left on the resource is removed, then the row may go. */
export class Settler {
  readonly #store: TaskStore;
  readonly #secrets: SecretBox;
  readonly #archive: LogArchive;
  readonly #log: Logger;
  readonly #fence: Fence;

  constructor(store: TaskStore, secrets: SecretBox, archive: LogArchive, log: Logger, fence: Fence) {
    this.#store = store;
    this.#secrets = secrets;
    this.#archive = archive;
    this.#log = log;
    this.#fence = fence;
  }

  /** Idempotent; a failure leaves the task for the next round. */
  async settle(row: Task, computing: Computing, driver: ComputingDriver, signal: AbortSignal): Promise<void> {
    const task = handleOf(row);
    const call = callFor(task.who, this.#log, signal, limit);
    const resource = resourceOf(computing, this.#secrets);
    try {
      // Stored before a crash, perhaps: the removal that followed may still be under way.
      if (!(await this.#archive.has(row.key)))
        await this.#archive.store(row.key, driver.logs(resource, task, {}, call));
    } catch (error) {
      if (!isNoLog(error)) throw error;
    }
    this.#fence.demand();
    await driver.clean(resource, task, call);
    // The row as it is now: its removal may have been asked for meanwhile. Such a row stays unsettled until it is gone.
    const settled = await this.#store.change(row.id, (fresh) =>
      // Somebody may have asked for its files meanwhile: then it is settled again when those are back.
      fresh.deleteRequestedAt || nextStep(fresh) ? {} : { cleanedAt: new Date() },
    );
    if (settled?.deleteRequestedAt && !nextStep(settled)) await this.forget(settled);
  }

  /** Removes a settled task for good. */
  async forget(row: Task): Promise<void> {
    await this.#archive.remove(row.key);
    await this.#store.remove(row);
  }
}
