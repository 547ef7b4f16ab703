import type { Call, ComputingDescription, ComputingDriver, ComputingResource } from '@stele/sdk';

const fresh = 10_000;

interface Kept {
  readonly at: number;
  /** Of the one who asked first. */
  readonly signal: AbortSignal;
  readonly answer: Promise<ComputingDescription>;
}

/** What resources offer, asked at most every ten seconds for each identity, however many people open the form. */
export class Descriptions {
  readonly #kept = new Map<string, Kept>();

  async of(driver: ComputingDriver, resource: ComputingResource, call: Call): Promise<ComputingDescription> {
    // A trial may fail where others get in.
    const key = `${resource.id} ${call.who.kind === 'user' ? call.who.id : ''}${call.isTrial ? ' trial' : ''}`;
    const kept = this.#kept.get(key);
    if (kept && Date.now() - kept.at < fresh) return this.#shared(kept, driver, resource, call);
    const asked: Kept = { at: Date.now(), signal: call.signal, answer: driver.describe(resource, call) };
    this.#kept.set(key, asked);
    asked.answer.catch(() => this.#kept.get(key) === asked && this.#kept.delete(key));
    return asked.answer;
  }

  /** Whoever asked first may have left, which ended the question, but nobody else's interest in it. */
  async #shared(kept: Kept, ...question: Parameters<Descriptions['of']>): Promise<ComputingDescription> {
    const [, , { signal }] = question;
    try {
      return await kept.answer;
    } catch (error) {
      if (signal.aborted || !kept.signal.aborted) throw error;
      return this.of(...question);
    }
  }

  /** Everything, e.g. because a plugin came or went. */
  clear(): void {
    this.#kept.clear();
  }

  forget(resource: string): void {
    for (const key of this.#kept.keys()) if (key.startsWith(`${resource} `)) this.#kept.delete(key);
  }
}
