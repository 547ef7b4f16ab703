import type { Logger, StageTree } from '@stele/sdk';
import type { Viewer } from '../accounts/index.ts';
import type { Task } from '../model/index.ts';
import type { Fence } from '../replicas/index.ts';
import type { Storages } from '../storage/index.ts';
import type { StagingFacts } from './next-step.ts';

/** A row as staging sees it. */
export type StagingRow = StagingFacts & Pick<Task, 'id' | 'key' | 'owner'>;

/** What staging changes of a task. */
export type StagingChange = Partial<Pick<Task, 'phase' | 'outcome' | 'reason' | 'detail' | 'endedAt' | 'staged'>>;

/** Where tasks are written down. */
export interface StagingStore {
  byId(id: string): Promise<StagingRow | undefined>;
  /** Changes the row as it is at that moment. */
  change(id: string, change: (fresh: Task) => StagingChange): Promise<unknown>;
}

/** Folders of tasks' own, which their resources keep. */
export interface OwnStages {
  /** @throws NOT_FOUND where the task or its resource is gone, UNSUPPORTED where that one keeps no folders (any more) */
  open(task: string, signal: AbortSignal): Promise<StageTree & AsyncDisposable>;
  /** Removes it. Idempotent. Throws the same. */
  remove(task: string, signal: AbortSignal): Promise<void>;
}

/** What a stager works with. */
export interface StagerParts {
  readonly storages: Pick<Storages, 'open' | 'openMounted'>;
  readonly own: OwnStages;
  readonly store: StagingStore;
  /** The owner with the rights that they have now; `undefined` for one who may do nothing any more. */
  readonly viewerOf: (owner: string) => Promise<Viewer | undefined>;
  readonly fence: Fence;
  readonly log: Logger;
  readonly now?: () => number;
}
