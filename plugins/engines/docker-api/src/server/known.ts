import type { ContainerFacts } from '@stele/sdk/oci';

/** Far more than one engine runs. */
const most = 10_000;

/**
 * What is known of containers that run, by the engine's ids, which are random and never come again: when they began doesn't change,
 * so that one list tells the state of all of them.
 */
export class Known {
  readonly #facts = new Map<string, ContainerFacts>();

  get(id: string): ContainerFacts | undefined {
    return this.#facts.get(id);
  }

  /** Remembers one that runs, and forgets one that doesn't. The oldest go when there are too many. */
  note(facts: ContainerFacts): void {
    this.#facts.delete(facts.id);
    if (facts.state.phase !== 'running') return;
    this.#facts.set(facts.id, facts);
    for (const [oldest] of this.#facts) {
      if (this.#facts.size <= most) break;
      this.#facts.delete(oldest);
    }
  }
}
