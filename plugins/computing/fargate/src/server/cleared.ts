import { type JsonObject, type PluginStore, Turns } from '@stele/sdk';

/** Minutes after which ECS tells nobody of a stopped task any more: an hour, and as much again. */
const remembered = 120;
/** As many fit into a value of the store. */
const most = 1_800;
/** Digits that tell one task from another. */
const digits = 16;

/**
 * Tasks that have been cleaned up. ECS shows a stopped task for an hour, can’t remove it, and takes its tags away: that it is
 * gone has to be remembered here.
 */
export class Cleared {
  readonly #store: PluginStore;
  readonly #turns = new Turns();
  readonly #minute: () => number;

  constructor(store: PluginStore, minute = () => Math.floor(Date.now() / 60_000)) {
    this.#store = store;
    this.#minute = minute;
  }

  /** Which of these are. */
  async of(resource: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
    if (ids.length === 0) return new Set();
    const known = await this.#known(resource);
    return new Set(ids.filter((id) => Object.hasOwn(known, shortOf(id))));
  }

  async add(resource: string, id: string, signal: AbortSignal): Promise<void> {
    await this.#turns.take(resource, signal, async () => {
      const now = this.#minute();
      const rest = Object.entries({ ...(await this.#known(resource)), [shortOf(id)]: now })
        .filter(([, minute]) => now - Number(minute) <= remembered)
        .sort(([, one], [, other]) => Number(other) - Number(one))
        .slice(0, most);
      await this.#store.set(keyOf(resource), Object.fromEntries(rest));
    });
  }

  async #known(resource: string): Promise<JsonObject> {
    const value = await this.#store.get(keyOf(resource));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
  }
}

const keyOf = (resource: string): string => `cleared/${resource}`;

const shortOf = (id: string): string => id.replaceAll('-', '').slice(0, digits);
