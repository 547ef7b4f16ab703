import {
  type ComputingDriver,
  type Logger,
  type Registry,
  type StageTree,
  SteleError,
  type TaskStage,
} from '@stele/sdk';
import { resourceOf } from '../computing/index.ts';
import type { Computing, SecretBox } from '../model/index.ts';
import type { OwnStages } from '../staging/index.ts';
import { callFor, handleOf } from './handle.ts';
import type { TaskStore } from './task-store.ts';

/** What they are reached with. */
export interface KeptStagesParts {
  readonly store: Pick<TaskStore, 'withComputing'>;
  readonly drivers: Registry<ComputingDriver>;
  readonly secrets: SecretBox;
  readonly log: Logger;
}

/** Folders of tasks' own, where the driver of their resource keeps them, whatever it is. */
export class KeptStages implements OwnStages {
  readonly #parts: KeptStagesParts;

  constructor(parts: KeptStagesParts) {
    this.#parts = parts;
  }

  async open(id: string, signal: AbortSignal): Promise<StageTree & AsyncDisposable> {
    const { stage, at } = await this.#of(id, signal);
    return stage.open(...at);
  }

  async remove(id: string, signal: AbortSignal): Promise<void> {
    const { stage, at } = await this.#of(id, signal);
    await stage.remove(...at);
  }

  async #of(id: string, signal: AbortSignal): Promise<{ stage: TaskStage; at: Parameters<TaskStage['open']> }> {
    const { store, secrets, log } = this.#parts;
    const row = await store.withComputing(id);
    if (!row?.computing) throw new SteleError('NOT_FOUND', 'The resource that kept the task’s files is gone.');
    const task = handleOf(row);
    return {
      stage: this.#stageOf(row.computing),
      at: [resourceOf(row.computing, secrets), task, callFor(task.who, log, signal)],
    };
  }

  #stageOf({ driver }: Computing): TaskStage {
    const stage = this.#parts.drivers.get(driver)?.stage;
    if (stage) return stage;
    throw new SteleError(
      'UNSUPPORTED',
      `The plugin that keeps files with tasks on “${driver}” resources is not active.`,
    );
  }
}
