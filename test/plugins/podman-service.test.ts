import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ContainerEngines } from '@stele/sdk';
import { Abroad } from './yard.ts';

const id = 'podman-service';
const admin = { userId: '0197a3c0-0000-7000-8000-000000000001', role: 'admin' } as const;

describe('the example plugin, copied out of the repository', () => {
  let abroad: Abroad;
  before(async () => {
    abroad = await Abroad.open(id, { [id]: { socket: '/nowhere/podman.sock' } });
  });
  after(() => abroad.close());

  const engines = (): readonly string[] =>
    abroad.host
      .registry(ContainerEngines)
      .list()
      .map((entry) => entry.id);
  const ask = (path: string, caller: { userId: string; role: 'admin' | 'standard' } = admin) =>
    abroad.host.handler(id)?.(new Request(`http://plugin.invalid${path}`), caller);

  it('imports the SDK, lit, and its own files alone', async () => {
    for await (const file of glob(join(abroad.path, 'src/**/*.{ts,js}'))) {
      for (const [, from = ''] of (await readFile(file, 'utf8')).matchAll(/from '([^']+)'/g))
        assert.match(from, /^(@stele\/sdk(\/oci-cli|\/web)?|lit|\.{1,2}\/[\w./-]+)$/, file);
    }
  });

  it('is active', () => {
    const { state, code, reason, source } = abroad.host.get(id) ?? {};
    assert.deepEqual(
      { state, code, reason, source },
      { state: 'active', code: undefined, reason: undefined, source: 'site' },
    );
  });

  it('adds its engine and its panel', () => {
    assert.deepEqual(engines(), [id]);
    const [contribution, ...others] = abroad.host.contributions();
    assert.deepEqual(others, []);
    assert.match(contribution?.hash ?? '', /^[0-9a-f]{16}$/);
    assert.deepEqual(
      contribution?.panels.map((panel) => [panel.id, panel.slot]),
      [['podman-services', 'main']],
    );
  });

  it('exports the panel that the manifest names', async () => {
    const [{ panels, webRoot, webModule } = assert.fail()] = abroad.host.contributions();
    const module = await readFile(join(webRoot, webModule), 'utf8');
    assert.match(module, new RegExp(`^export class ${panels[0]?.export} extends PanelElement`, 'm'));
  });

  it('has its settings with defaults filled in', () => {
    assert.deepEqual(abroad.host.settings(id)?.values, { command: 'podman', socket: '/nowhere/podman.sock' });
  });

  it('answers administrators alone', async () => {
    assert.deepEqual(await (await ask('/services'))?.json(), { items: [] });
    assert.equal((await ask('/services', { ...admin, role: 'standard' }))?.status, 403);
    assert.equal((await ask('/elsewhere'))?.status, 404);
  });

  it('gives everything back when it is disabled, and takes it again', async () => {
    assert.equal((await abroad.host.disable(id)).state, 'disabled');
    assert.deepEqual([engines(), abroad.host.contributions(), abroad.host.handler(id)], [[], [], undefined]);
    assert.equal((await abroad.host.enable(id)).state, 'active');
    assert.deepEqual(engines(), [id]);
    assert.equal(abroad.host.contributions().length, 1);
  });
});

describe('the example plugin with a wrong setting', () => {
  it('does not start, and says which', async () => {
    const abroad = await Abroad.open(id, { [id]: { socket: 'podman.sock' } });
    const { state, code, reason } = abroad.host.get(id) ?? {};
    await abroad.close();
    assert.deepEqual([state, code], ['failed', 'SETTINGS_INVALID']);
    assert.match(reason ?? '', /socket/);
  });
});
