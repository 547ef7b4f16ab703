import type { JsonSchema } from '@stele/sdk';
import type { LaunchOptions, Task } from '@stele/sdk/api';
import { isAbort, type ApiClient } from '@stele/sdk/web';

/** Schemas of what tasks were asked for with: they say what settings are called. Each is read once. */
export class LaunchSchemas {
  readonly #api: ApiClient;
  readonly #signal: AbortSignal;
  readonly #changed: () => void;
  readonly #known = new Map<string, JsonSchema | undefined>();

  /** @param changed called when one has come */
  constructor(api: ApiClient, signal: AbortSignal, changed: () => void) {
    this.#api = api;
    this.#signal = signal;
    this.#changed = changed;
  }

  /** The schema that fits a task, once it is here; nothing where its software or computing is gone. */
  of({ software, computing }: Task): JsonSchema | undefined {
    if (software.id === undefined || computing.id === undefined) return undefined;
    const key = `${computing.id} ${software.id}`;
    if (!this.#known.has(key)) {
      this.#known.set(key, undefined);
      void this.#read(key, computing.id, software.id);
    }
    return this.#known.get(key);
  }

  async #read(key: string, computing: string, software: string): Promise<void> {
    try {
      const options = { query: { software }, signal: this.#signal };
      const { schema } = await this.#api.get<LaunchOptions>(`/computing/${computing}/options`, options);
      this.#known.set(key, schema);
      this.#changed();
    } catch (error) {
      // Titles only: the settings' own names serve as well, and the next opening asks again.
      this.#known.delete(key);
      if (!isAbort(error)) console.warn('stele: the titles of settings could not be read', error);
    }
  }
}
