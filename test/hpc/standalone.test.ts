import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Call, ComputingResource, ContainerEngine, ImageRef, Registry, TaskHandle } from '@stele/sdk';
import { describeComputingDriver, type DriverWorld, eventually, rejectsWith, testCall } from '@stele/sdk/testing';
import { StandaloneDriver } from '../../plugins/computing/standalone/src/server/driver.ts';
import { skip } from '../e2e/lib/skip.ts';
import { bringUp, importTask } from '../engines/bed.ts';
import { behavioursIn, localResource } from '../engines/standalone-world.ts';
import { engineAt, openPlace, type Place } from './apptainer/world.ts';
import { SiteAccess } from './lib/site-access.ts';
import { siteMissing } from './lib/site.ts';
import { randomKey } from './lib/yard.ts';

const run = promisify(execFile);

describe('a single host by SSH with Apptainer', function () {
  this.timeout(120_000);
  let place: Place;

  before(async function () {
    this.timeout(900_000);
    const why = await siteMissing();
    if (why !== undefined) return skip(this, why);
    place = await openPlace();
    await bringUp('podman');
    await importTask(['podman']);
    const name = 'stele/tiny-task:1';
    await run('podman', ['push', '--tls-verify=false', `localhost/${name}`, `${place.registry}/${name}`]);
  });
  after(async () => place?.[Symbol.asyncDispose]());

  const image = (): ImageRef => ({ registry: place.registry, repository: 'stele/tiny-task', tag: '1' });

  /** The platform from its start on: connections of its own, and nothing that it remembers. */
  const platform = (): DriverWorld => {
    const access = new SiteAccess(place.access.site);
    const entry = { id: 'singularity', item: engineAt(place.registry), plugin: 'test' };
    const engines: Registry<ContainerEngine> = {
      get: (id) => (id === entry.id ? entry.item : undefined),
      list: () => [entry],
      onChange: () => ({ [Symbol.dispose]: () => undefined }),
    };
    const resource: ComputingResource = {
      ...localResource,
      access: 'ssh',
      auth: 'user-keys',
      accessConf: access.conf(),
    };
    return {
      driver: new StandaloneDriver(access.hosts, engines),
      resource,
      behaviours: behavioursIn(image()),
      close: async () => access[Symbol.dispose](),
    };
  };

  describeComputingDriver({ describe, it, before, after }, { open: async () => platform(), patience: 60_000 });

  it('keeps tasks when the platform and its connections are gone', async () => {
    const key = randomKey();
    const call = (): Call => testCall({ signal: AbortSignal.timeout(60_000) });
    const first = platform();
    const launch = { ...first.behaviours.greet(), key };
    const ref = await first.driver.submit(first.resource, launch, () => undefined, call());
    await first.close();
    const next = platform();
    const task: TaskHandle = { key, who: call().who };
    const greeting = async (): Promise<string> => {
      const { address, via } = await next.driver.reach(next.resource, task, call());
      const stream = await via.dial(address, call().signal);
      return Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>)).toString();
    };
    try {
      const seen = (await next.driver.observe(next.resource, [task], call())).get(key);
      assert.deepEqual([seen?.phase, seen && 'ref' in seen ? seen.ref : undefined], ['running', ref]);
      const greets = () =>
        greeting().then(
          (words) => words === 'hello\n',
          () => false,
        );
      await eventually('it greets', greets, 30_000);
    } finally {
      await next.driver.clean(next.resource, task, call());
      await next.close();
    }
  });

  it('says that its tasks are gone when the host was rebooted', async () => {
    const { site } = place.access;
    const key = randomKey();
    const call = (): Call => testCall({ signal: AbortSignal.timeout(60_000) });
    const { driver, resource, behaviours, close } = platform();
    const ref = await driver.submit(resource, { ...behaviours.greet(), key }, () => undefined, call());
    const task: TaskHandle = { key, ref, who: call().who };
    const observed = async () => (await driver.observe(resource, [task], call())).get(key);
    await site.crash('login');
    try {
      await rejectsWith('UNREACHABLE', observed());
    } finally {
      await site.boot('login');
    }
    try {
      const isBack = async () => (await observed().catch(() => undefined))?.phase === 'ended';
      await eventually('it is known to have ended', isBack, 60_000);
      assert.equal(((await observed()) as { outcome?: string }).outcome, 'node-failed');
    } finally {
      await driver.clean(resource, task, call());
      await close();
    }
  });
});
