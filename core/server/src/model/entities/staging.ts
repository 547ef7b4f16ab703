/** A place in a storage, as that was called at the launch. */
export interface StagedPlace {
  readonly storage: string;
  readonly storageName: string;
  /** Relative to the storage's root. */
  readonly path: string;
}

/** What is brought into a task and back from it, as it was decided at the launch. */
export interface StagingPlan {
  /** Where the task sees it: an absolute folder in its container. */
  readonly target: string;
  /** The folder that this one is, in a storage that the task mounts. Absent: one of the task's own, which its resource keeps. */
  readonly workspace?: StagedPlace;
  /** Brought in before it starts, each under the name `as`. */
  readonly in: readonly (StagedPlace & { readonly as: string })[];
  /** Where what it leaves goes: `folder`, of its own, in the folder that was chosen. */
  readonly out?: StagedPlace & { readonly folder: string };
}

/** How far one direction is. */
export interface Stage {
  readonly state: 'idle' | 'waiting' | 'moving' | 'done' | 'failed';
  /** What is there. */
  readonly files: number;
  readonly bytes: number;
  /** What there is in all; absent before it was counted. */
  readonly allFiles?: number;
  readonly allBytes?: number;
  /** Links and special files, which stay where they are. */
  readonly left?: number;
  /** A sentence for people. */
  readonly reason?: string;
  /** Every file up to this one is there: where a transfer that was cut goes on. */
  readonly upTo?: string;
  /** When it ended the last time, ISO 8601 UTC. */
  readonly at?: string;
}

/** How far the staging of a task is. */
export interface StagedState {
  readonly in: Stage;
  readonly out?: Stage;
  /** Whether the task's folder in the workspace is gone again. */
  readonly isCleared?: boolean;
}
