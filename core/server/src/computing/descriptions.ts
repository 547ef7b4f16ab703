import type { Call, ComputingDescription, ComputingDriver, ComputingResource } from '@stele/sdk';

const fresh = 10_000;

interface Kept {
  readonly at: number;
  readonly answer: Promise<ComputingDescription>;
}

/** What resources offer, asked at most every ten seconds for each identity, however many people open the form. */
export class Descriptions {
  readonly #kept = new Map<string, Kept>();

  async of(driver: ComputingDriver, resource: ComputingResource, call: Call): Promise<ComputingDescription> {
    const key = `${resource.id} ${call.who.kind === 'user' ? call.who.id : ''}`;
    const kept = this.#kept.get(key);
    if (kept && Date.now() - kept.at < fresh) return kept.answer;
    const answer = driver.describe(resource, call);
    this.#kept.set(key, { at: Date.now(), answer });
    answer.catch(() => this.#kept.delete(key));
    return answer;
  }

  /** Everything, e.g. because a plugin came or went. */
  clear(): void {
    this.#kept.clear();
  }

  forget(resource: string): void {
    for (const key of this.#kept.keys()) if (key.startsWith(`${resource} `)) this.#kept.delete(key);
  }
}
