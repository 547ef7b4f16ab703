import type { ExtensionPoint, PluginDefinition, TokenMap } from '@stele/sdk';
import { nameOf } from '@stele/sdk';
import { silentLog } from '@stele/sdk/testing';

/** What a plugin added when it was activated, by extension point and id. */
export class Added {
  readonly #items = new Map<string, unknown>();

  add(point: symbol, id: string, item: unknown): void {
    this.#items.set(`${nameOf(point)}/${id}`, item);
  }

  get<T>(point: ExtensionPoint<T>, id: string): T {
    const item = this.#items.get(`${nameOf(point)}/${id}`);
    if (item === undefined) throw new Error(`the plugin added no ${nameOf(point)} “${id}”`);
    return item as T;
  }
}

/** Activates a plugin outside of a host, with services and settings of the test's choice. */
export async function activate<S, R extends TokenMap, O extends TokenMap>(
  plugin: PluginDefinition<S, R, O>,
  deps: Record<string, unknown> = {},
  settings: unknown = {},
): Promise<Added> {
  const added = new Added();
  const context = {
    id: 'under-test',
    deps,
    settings,
    signal: new AbortController().signal,
    log: silentLog,
    own: (thing: unknown) => thing,
    add: (point: symbol, id: string, item: unknown) => added.add(point, id, item),
    provide: () => undefined,
    mount: () => undefined,
  };
  await plugin.activate(context as unknown as Parameters<typeof plugin.activate>[0]);
  return added;
}
