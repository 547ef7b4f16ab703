import type { Logger } from '@stele/sdk';
import { ComputingLoop, type LoopEvents } from './loop.ts';
import type { RoundParts } from './round.ts';

/** One loop per resource that has tasks to look after. Nothing that was ever accepted is forgotten: rows decide, not memory. */
export class Reconciler {
  readonly #parts: RoundParts;
  readonly #events: Omit<LoopEvents, 'idle'>;
  readonly #loops = new Map<string, ComputingLoop>();
  readonly #log: Logger;
  #isStopped = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(parts: RoundParts, events: Omit<LoopEvents, 'idle'>) {
    this.#parts = parts;
    this.#events = events;
    this.#log = parts.log;
  }

  /** Takes up everything that an earlier process left. */
  async start(): Promise<void> {
    try {
      for (const id of await this.#parts.store.busyComputings()) this.poke(id);
    } catch (error) {
      if (this.#isStopped) return;
      this.#log.warn('unfinished tasks could not be read; trying again', { error });
      this.#retry = setTimeout(() => void this.start(), 2_000);
    }
  }

  /** Looks at a resource now, and from then on as long as it has tasks. */
  poke(id: string): void {
    if (this.#isStopped) return;
    const loop = this.#loops.get(id);
    if (loop) return loop.poke();
    const idle = (gone: string): void => void this.#loops.delete(gone);
    this.#loops.set(id, new ComputingLoop(id, this.#parts, { ...this.#events, idle }));
  }

  /** All of them: a driver or engine has come or gone. */
  pokeAll(): void {
    for (const loop of this.#loops.values()) loop.poke();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#retry);
    await Promise.all([...this.#loops.values()].map((loop) => loop.stop()));
  }
}
