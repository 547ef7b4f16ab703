import assert from 'node:assert/strict';
import type { Task } from '@stele/sdk/api';
import {
  type ApiClient,
  endCleanly,
  type Engine,
  eventually,
  Platform,
  processesNaming,
  siteWith,
} from '../e2e/lib/index.ts';
import { SlowRegistry } from './lib/slow-registry.ts';
import { imageLimit, openPodman, software, worldOf } from './lib/world.ts';

describe('an image that takes long to come', function () {
  this.timeout(60_000);
  let engine: Engine;
  let registry: SlowRegistry;
  let platform: Platform;
  let api: ApiClient;

  before(async function () {
    this.timeout(imageLimit);
    engine = await openPodman();
    registry = await SlowRegistry.open();
    const resources = worldOf({
      software: [software('Slow', {}, { registry: registry.host, image: 'slow/image', tag: '1' } as object)],
    });
    const podman = { enabled: true, ...engine.settings, insecureRegistries: [registry.host] };
    platform = await Platform.start({
      site: siteWith(engine, { resources, plugins: { 'engine-podman': podman } }),
      engine,
    });
    api = await platform.logIn();
  });

  after(async () => {
    await platform?.[Symbol.asyncDispose]();
    await registry?.[Symbol.asyncDispose]();
  });

  /** A task whose image is on its way. */
  async function launch(): Promise<Task> {
    const { id } = await api.launch('Slow');
    await eventually('the image is on its way', () => registry.waiting === 1, 20_000);
    return api.until(id, 'fetching', ({ reason }) => /Fetching the image/.test(reason ?? ''));
  }

  async function demandNothingLeft(): Promise<void> {
    await eventually('the registry is left alone', () => registry.waiting === 0, 10_000);
    assert.deepEqual(await processesNaming(registry.host), []);
  }

  it('is told about, layer by layer, and holds nobody up', async () => {
    const task = await launch();
    assert.equal(task.phase, 'submitting');
    await api.until(task.id, 'told about', ({ reason }) => /Fetching the image: 1 layer\./.test(reason ?? ''), 10_000);
    const other = await api.launch('Echo');
    await api.ready(other.id);
    assert.equal((await api.task(task.id)).phase, 'submitting');
    const ended = await api.stop(task.id);
    assert.deepEqual([ended.outcome, ended.reason], ['cancelled', 'Stopped on request.']);
    await demandNothingLeft();
  });

  it('is no longer fetched when the platform ends; fetched again by the next', async () => {
    const { id } = await launch();
    assert.equal(await platform.stop(), 0, platform.said);
    await demandNothingLeft();
    await platform.start();
    api = await platform.logIn();
    await eventually('the image is on its way again', () => registry.waiting === 1, 20_000);
    await api.stop(id);
    await demandNothingLeft();
  });

  it('is fetched again after a crash, and stopped all the same', async () => {
    const { id } = await launch();
    await platform.kill();
    await platform.start();
    api = await platform.logIn();
    // The command that the crash has left goes on until its registry has no more to say.
    await eventually('the image is on its way again', () => registry.waiting === 2, 20_000);
    const ended = await api.stop(id);
    assert.equal(ended.outcome, 'cancelled');
    await eventually('the second one has ended', () => registry.waiting === 1, 10_000);
    await registry[Symbol.asyncDispose]();
    await eventually('so has the first', async () => (await processesNaming(registry.host)).length === 0, 20_000);
    await endCleanly(platform, [api], engine);
  });
});
