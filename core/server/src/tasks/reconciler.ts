import type { Logger } from '@stele/sdk';
import type { Fence, Tenure, Tenures } from '../replicas/index.ts';
import { ComputingLoop, type LoopEvents } from './loop.ts';
import type { RoundParts } from './round.ts';
import type { TaskStore } from './task-store.ts';

/** Milliseconds between two looks for resources that nobody looks after. */
const sweepPeriod = 2_000;

/** What a reconciler works with. */
export interface ReconcilerParts {
  readonly store: TaskStore;
  readonly tenures: Tenures;
  /** What the rounds over one resource work with; what they do, they do only while the fence stands. */
  readonly roundParts: (fence: Fence) => RoundParts;
  readonly events: Omit<LoopEvents, 'idle'>;
  /** Asks whichever process looks after a resource to look now. */
  readonly askOthers: (computing: string) => void;
  readonly log: Logger;
}

interface Attended {
  readonly loop: ComputingLoop;
  readonly tenure: Tenure;
}

/**
 * One loop per resource that has tasks to look after, in one of the processes that could. Nothing that was ever accepted
 * is forgotten: rows decide, not memory.
 */
export class Reconciler {
  readonly #parts: ReconcilerParts;
  readonly #attended = new Map<string, Attended>();
  /** Being taken, or being let go. */
  readonly #changing = new Map<string, Promise<void>>();
  readonly #log: Logger;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(parts: ReconcilerParts) {
    this.#parts = parts;
    this.#log = parts.log;
  }

  /** Takes up everything that an earlier process left; with other processes, again and again what they leave. */
  async start(): Promise<void> {
    const isDone = await this.#sweep();
    if (this.#isStopped || (isDone && !this.#parts.tenures.isShared)) return;
    this.#timer = setTimeout(() => void (this.#sweeping = this.start()), sweepPeriod);
  }

  /** Looks at a resource now, and from then on as long as it has tasks; or has whoever does look now. */
  poke(id: string): void {
    if (this.#isStopped) return;
    const known = this.#attended.get(id);
    if (known) return known.loop.poke();
    void this.#attendOrAsk(id);
  }

  /** Looks now, where this process is the one that does. */
  pokeOwn(id: string): void {
    this.#attended.get(id)?.loop.poke();
  }

  /** All of them: a driver or engine has come or gone. */
  pokeAll(): void {
    for (const { loop } of this.#attended.values()) loop.poke();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#sweeping;
    await Promise.all(this.#changing.values());
    await Promise.all([...this.#attended.keys()].map((id) => this.#leave(id)));
  }

  async #attendOrAsk(id: string): Promise<void> {
    const isOurs = await this.#attend(id);
    if (!isOurs && !this.#isStopped) this.#parts.askOthers(id);
  }

  async #sweep(): Promise<boolean> {
    try {
      const ids = await this.#parts.tenures.unattended();
      await Promise.all(ids.map((id) => this.#attend(id)));
      return true;
    } catch (error) {
      if (!this.#isStopped) this.#log.warn('unfinished tasks could not be read; trying again', { error });
      return false;
    }
  }

  /** @returns whether this process looks after the resource now */
  async #attend(id: string): Promise<boolean> {
    while (this.#changing.has(id)) await this.#changing.get(id);
    if (this.#isStopped || this.#attended.has(id)) {
      this.pokeOwn(id);
      return true;
    }
    await this.#change(id, () => this.#take(id));
    return this.#attended.has(id);
  }

  async #take(id: string): Promise<void> {
    try {
      const tenure = await this.#parts.tenures.take(id);
      if (tenure) this.#begin(id, tenure);
    } catch (error) {
      this.#log.warn('a resource could not be taken care of; trying again', { computing: id, error });
    }
  }

  #begin(id: string, tenure: Tenure): void {
    const idle = (): void => void this.#leave(id);
    const loop = new ComputingLoop(id, this.#parts.roundParts(tenure), { ...this.#parts.events, idle }, tenure.signal);
    this.#attended.set(id, { loop, tenure });
    tenure.signal.addEventListener('abort', () => void this.#leave(id), { once: true });
  }

  /** Ends the loop, waits for what is under way, and lets others have the resource. */
  #leave(id: string): Promise<void> {
    const attended = this.#attended.get(id);
    if (!attended) return Promise.resolve();
    this.#attended.delete(id);
    return this.#change(id, async () => {
      await attended.loop.stop();
      await this.#letGo(id, attended.tenure);
    });
  }

  async #letGo(id: string, tenure: Tenure): Promise<void> {
    try {
      await tenure.release();
      // Something may have come while it was still ours, and whoever brought it has left it to us.
      if (!this.#isStopped && (await this.#parts.store.hasUnsettled(id))) setImmediate(() => this.poke(id));
    } catch (error) {
      this.#log.debug('a resource could not be let go; it is free when its time is over', { computing: id, error });
    }
  }

  async #change(id: string, work: () => Promise<void>): Promise<void> {
    const before = this.#changing.get(id) ?? Promise.resolve();
    const done = before.then(work, work);
    this.#changing.set(id, done);
    await done;
    if (this.#changing.get(id) === done) this.#changing.delete(id);
  }
}
