import type { Cloud } from '../aws/cloud.ts';
import type { Definition } from './definition.ts';

/** As many families are remembered at most. */
const most = 1_000;

/** Task definitions that are known to be registered: asked for once, registered once, for all who want them at a time. */
export class Definitions {
  readonly #known = new Map<string, Promise<string>>();

  /**
   * ARN of the definition of a family.
   * @param place tells one account and region from another
   */
  async arnOf(cloud: Cloud, place: string, definition: Definition, signal: AbortSignal): Promise<string> {
    const name = `${place} ${definition.family}`;
    const known = this.#known.get(name);
    if (known !== undefined) return this.#shared(known, [cloud, place, definition, signal]);
    const arn = registered(cloud, definition, signal);
    this.#known.set(name, arn);
    this.#forgetOldest();
    try {
      return await arn;
    } catch (error) {
      this.#known.delete(name);
      throw error;
    }
  }

  /** It is gone, or may not be run any more: next time it is registered anew. */
  forget(place: string, { family }: Definition): void {
    this.#known.delete(`${place} ${family}`);
  }

  /** Whoever asked first may have left, which ended the question, but nobody else’s interest in it. */
  async #shared(known: Promise<string>, question: Parameters<Definitions['arnOf']>): Promise<string> {
    const [, , , signal] = question;
    try {
      return await known;
    } catch (error) {
      if (signal.aborted) throw error;
      return this.arnOf(...question);
    }
  }

  #forgetOldest(): void {
    const [oldest] = this.#known.keys();
    if (this.#known.size > most && oldest !== undefined) this.#known.delete(oldest);
  }
}

async function registered(cloud: Cloud, definition: Definition, signal: AbortSignal): Promise<string> {
  return (await cloud.definition(definition.family, signal)) ?? cloud.register(definition, signal);
}
