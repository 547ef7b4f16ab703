import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type {
  Address,
  Call,
  ComputingResource,
  ContainerEngine,
  ImageRef,
  JsonObject,
  Launch,
  Registry,
  TaskHandle,
} from '@stele/sdk';
import {
  describeComputingDriver,
  type DriverWorld,
  eventually,
  inTime,
  rejectsWith,
  testCall,
} from '@stele/sdk/testing';
import { StandaloneDriver } from '../../plugins/computing/standalone/src/server/driver.ts';
import { skip } from '../e2e/lib/skip.ts';
import { bringUp, importTask } from '../engines/bed.ts';
import { behavioursIn, localResource } from '../engines/standalone-world.ts';
import { engineAt, openPlace, type Place } from './apptainer/world.ts';
import { SiteAccess } from './lib/site-access.ts';
import { siteMissing } from './lib/site.ts';
import { knockAt, socketTask } from './lib/socket-task.ts';
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
  const platform = (conf: JsonObject = {}): DriverWorld => {
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
      conf: { ...localResource.conf, ...conf },
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
    const call = (): Call => testCall({ signal: inTime(60_000) });
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

  it('lets others on the host get to a port, and says so; to a socket it doesn’t', async () => {
    const { site } = place.access;
    const call = (): Call => testCall({ signal: inTime(60_000) });
    const { driver, resource, behaviours, close } = platform();
    const tasks = [behaviours.greet(), { ...behaviours.greet(), ...socketTask }].map((launch) => ({
      ...launch,
      key: randomKey(),
    }));
    const addressOf = async ({ key }: { key: string }): Promise<Address> => {
      await driver.submit(resource, tasks.find((one) => one.key === key) as Launch, () => undefined, call());
      const task = { key, who: call().who };
      const { address, via } = await driver.reach(resource, task, call());
      const greets = async () => {
        const stream = await via.dial(address, call().signal).catch(() => undefined);
        return stream !== undefined && (await text(stream)) === 'hello\n';
      };
      await eventually('it greets', greets, 30_000);
      return address;
    };
    try {
      const [port, socket] = [await addressOf(tasks[0] as Launch), await addressOf(tasks[1] as Launch)];
      assert('port' in port && 'socket' in socket);
      const knock = `busybox nc -w 3 127.0.0.1 ${port.port} </dev/null`;
      assert.equal(await site.as('alice', 'login', 'sh', '-c', knock), 'hello');
      assert.equal(await site.as('bob', 'login', ...knockAt(socket.socket)), 'in');
      assert.equal(await site.as('alice', 'login', ...knockAt(socket.socket)), 'Permission denied');
      const { exposures } = await driver.describe(resource, call());
      assert.match(exposures?.['singularity']?.says ?? '', /Others who get to this host/);
      assert.equal(exposures?.['singularity']?.sparesSockets, true);
    } finally {
      for (const { key } of tasks) await driver.clean(resource, { key, who: call().who }, call());
      await close();
    }
  });

  it('starts only what keeps others out where the operator wants that', async () => {
    const call = (): Call => testCall({ signal: inTime(60_000) });
    const { driver, resource, behaviours, close } = platform({ openInterfaces: 'refuse' });
    const launch = { ...behaviours.greet(), key: randomKey() };
    try {
      const refused = driver.submit(resource, launch, () => undefined, call());
      assert.equal((await rejectsWith('DENIED', refused)).field, 'software');
    } finally {
      await close();
    }
  });

  it('says that its tasks are gone when the host was rebooted', async () => {
    const { site } = place.access;
    const key = randomKey();
    const call = (): Call => testCall({ signal: inTime(60_000) });
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
