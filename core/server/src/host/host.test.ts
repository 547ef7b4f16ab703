import assert from 'node:assert/strict';
import { ContainerEngines } from '@stele/sdk';
import type { PluginHost } from './host.ts';
import { type Fixture, PluginYard, startHost } from './testing.ts';
import type { HostOptions, PluginInfo } from './types.ts';

/** The server half of a plugin; `body` is its `activate`. */
function server(body: string, definition = ''): string {
  return `import { definePlugin, token, extensionPoint, ContainerEngines } from '@stele/sdk';
    export default definePlugin({ ${definition} async activate(context) { ${body} } });`;
}

describe('PluginHost', () => {
  let yard: PluginYard;
  let host: PluginHost | undefined;

  beforeEach(async () => {
    yard = await PluginYard.open();
  });
  afterEach(async () => {
    await host?.stop();
    host = undefined;
    await yard[Symbol.asyncDispose]();
  });

  async function run(fixtures: readonly Fixture[], options: Partial<HostOptions> = {}): Promise<PluginHost> {
    for (const fixture of fixtures) await yard.write(fixture);
    host = await startHost(yard, options);
    return host;
  }

  const of = (id: string): PluginInfo => {
    const info = host?.get(id);
    assert.ok(info, `no plugin ${id}`);
    return info;
  };

  it('activates a TypeScript plugin outside the repository that imports the SDK', async () => {
    const plugins = await run([
      { id: 'engine-x', server: server(`const id: string = 'x'; context.add(ContainerEngines, id, { id });`) },
    ]);
    assert.equal(of('engine-x').state, 'active', of('engine-x').reason);
    assert.deepEqual(plugins.registry(ContainerEngines).list(), [{ id: 'x', item: { id: 'x' }, plugin: 'engine-x' }]);
  });
});
