import type { EntityManager } from '@mikro-orm/postgresql';
import { SteleError } from '@stele/sdk';

/** What shows that somebody else may be acting by now. */
export interface Fence {
  /** Throws when it is no longer certain that nobody else acts: to be asked right before each deed. */
  demand(): void;
  /** Within a transaction: nobody else can begin before it has ended. Throws when somebody has begun already. */
  hold(em: EntityManager): Promise<void>;
}

/** The right to look after one computing resource. */
export interface Tenure extends Fence {
  /** Aborted when it is over. */
  readonly signal: AbortSignal;
  /** Lets others have it. Nothing may be under way. */
  release(): Promise<void>;
}

/** Sees to it that each resource is looked after by one process. */
export interface Tenures {
  /** Whether there may be other processes. */
  readonly isShared: boolean;
  /** The right to a resource, unless another process has it. */
  take(computing: string): Promise<Tenure | undefined>;
  /** Resources with something to do that nobody looks after. */
  unattended(): Promise<string[]>;
}

/** Of what is done by nobody else. */
export const noFence: Fence = { demand: () => undefined, hold: async () => undefined };

/** For a platform that is alone: its data folder is locked, and so is its database. */
export function soleTenures(busy: () => Promise<string[]>): Tenures {
  // A signal for each: whoever listens to one is let go with it.
  const endless = (): Tenure => ({
    ...noFence,
    signal: new AbortController().signal,
    release: async () => undefined,
  });
  return { isShared: false, take: async () => endless(), unattended: busy };
}

export const tenureOver = (): SteleError =>
  new SteleError('CONFLICT', 'Another replica of the platform looks after this resource by now.');
