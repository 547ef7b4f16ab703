import assert from 'node:assert/strict';
import { extensionPoint, token } from '@stele/sdk';
import type { PluginHost } from '../host.ts';
import { type Fixture, PluginYard, startHost } from '../testing.ts';
import type { HostOptions, PluginInfo } from '../types.ts';

/** Where the plugins of tests write what happened to them. */
export const Seen = token<string[]>('test.seen');
export const Gate = token<Promise<void>>('test.gate');
export const Things = extensionPoint<unknown>('test.things');
export const shortLimit = 500;

/** The server half of a plugin: the body of its `activate`, and further keys of its definition. */
export function server(body: string, definition = ''): string {
  return `import { definePlugin, token, extensionPoint, ContainerEngines } from '@stele/sdk';
    const Things = extensionPoint('test.things');
    export default definePlugin({
      ${definition.includes('requires') ? '' : "requires: { seen: token('test.seen') },"} ${definition}
      async activate({ deps, settings, signal, log, container, own, add, provide, mount }) {
        const { seen } = deps;
        ${body}
      },
    });`;
}

/** Body and definition of a plugin that provides a service, and says when. */
export function provides(name: string, value = '{}'): [string, string] {
  return [
    `provide(token('${name}'), ${value}); seen.push('+${name}'); own(() => { seen.push('-${name}'); });`,
    `provides: [token('${name}')],`,
  ];
}

/** Definition of a plugin that uses a service as `deps.it`. */
export function uses(kind: 'requires' | 'optional', name: string): string {
  return kind === 'requires'
    ? `requires: { seen: token('test.seen'), it: token('${name}') },`
    : `optional: { it: token('${name}') },`;
}

export const healthy: Fixture = { id: 'healthy', server: server(`add(Things, 'healthy', 1);`) };

/** One host over plugins that a test writes. */
export class Bench {
  readonly seen: string[] = [];
  #yard: PluginYard | undefined;
  #host: PluginHost | undefined;

  async open(): Promise<void> {
    this.seen.length = 0;
    this.#yard = await PluginYard.open();
  }

  async close(): Promise<void> {
    await this.#host?.stop();
    this.#host = undefined;
    await this.#yard?.[Symbol.asyncDispose]();
  }

  get yard(): PluginYard {
    assert.ok(this.#yard);
    return this.#yard;
  }

  get host(): PluginHost {
    assert.ok(this.#host);
    return this.#host;
  }

  run = async (fixtures: readonly Fixture[], options: Partial<HostOptions> = {}): Promise<void> => {
    for (const fixture of fixtures) await this.yard.write(fixture);
    this.#host = await startHost(this.yard, { services: [{ token: Seen, value: this.seen }], ...options });
  };

  of = (id: string): PluginInfo => {
    const info = this.host.list().find((one) => one.id === id);
    assert.ok(info, `no plugin ${id}`);
    return info;
  };

  /** The states of all, such as `active` or `failed LOAD_FAILED`. */
  states = (): Record<string, string> =>
    Object.fromEntries(this.host.list().map(({ id, state, code }) => [id, code ? `${state} ${code}` : state]));
}
