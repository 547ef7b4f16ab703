import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Call, ComputingResource, HostService, TaskHandle } from '@stele/sdk';
import {
  describeComputingDriver,
  type DriverWorld,
  eventually,
  inTime,
  rejectsWith,
  testCall,
} from '@stele/sdk/testing';
import { skip } from '../e2e/lib/skip.ts';
import { isMetHere, type Subject, subjects } from '../engines/api-world.ts';
import { bringUp, importTask } from '../engines/bed.ts';
import { driverWorld, localResource } from '../engines/standalone-world.ts';
import { account, noSshd, setEnv, Sshd } from './sshd.ts';
import { accessTo, targetOf } from './world.ts';

/** Who may use the engines' beds. */
const username = 'root';

/** How each bed is found by its command line: variables of the account's environment on the host. */
const variables = {
  podman: ['CONTAINERS_CONF', 'CONTAINERS_STORAGE_CONF', 'CONTAINERS_REGISTRIES_CONF'],
  docker: ['DOCKER_HOST'],
};

for (const [title, bed, command, open] of subjects) {
  describe(`a single host by SSH with ${title}`, function () {
    this.timeout(60_000);
    let sshd: Sshd;
    let subject: Subject;

    before(async function () {
      this.timeout(300_000);
      const why = (await noSshd()) ?? (await bringUp(bed));
      if (why !== undefined) return skip(this, why);
      await importTask([command]);
      subject = await open();
      sshd = await Sshd.start(setEnv(Object.fromEntries(variables[bed].map((name) => [name, process.env[name]]))));
      await copyFile(join(sshd.folder, 'keys', account), join(sshd.folder, 'keys', username));
    });
    after(async () => {
      await sshd?.[Symbol.asyncDispose]();
      await subject?.[Symbol.asyncDispose]();
    });

    /** The platform from its start on: connections of its own, and nothing that it remembers. */
    const platform = async (): Promise<DriverWorld> => {
      const access = await accessTo(sshd, { username, idleTimeout: 5_000 });
      const { conf } = await targetOf(sshd);
      const resource: ComputingResource = { ...localResource, access: 'ssh', auth: 'platform-keys', accessConf: conf };
      const hosts: HostService = {
        open: ({ id, auth, accessConf }, call) => access.open({ resource: id, auth, conf: accessConf }, call),
      };
      return driverWorld({ [bed]: subject.fresh() }, { hosts, resource });
    };

    if (!isMetHere(title)) describeComputingDriver({ describe, it, before, after }, { open: platform });

    describe('a task', () => {
      const key = randomBytes(8).toString('hex');
      let task: TaskHandle;
      const call = (): Call => testCall({ signal: inTime(30_000) });
      const phase = async ({ driver, resource }: DriverWorld): Promise<string | undefined> =>
        (await driver.observe(resource, [task], call())).get(task.key)?.phase;
      const greeting = async ({ driver, resource }: DriverWorld): Promise<string> => {
        const { address, via } = await driver.reach(resource, task, call());
        const stream = await via.dial(address, call().signal);
        return Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>)).toString();
      };
      const greets = (world: DriverWorld) =>
        greeting(world).then(
          (words) => words === 'hello\n',
          () => false,
        );

      before(async () => {
        const { driver, resource, behaviours } = await platform();
        const launch = { ...behaviours.greet(), key };
        task = { key, who: call().who, ref: await driver.submit(resource, launch, () => undefined, call()) };
      });
      after(async () => {
        const { driver, resource } = await platform();
        await driver.clean(resource, task, call());
      });

      it('outlives the end of every connection, and is reached again', async () => {
        const world = await platform();
        await eventually('it greets', () => greets(world), 30_000);
        const { via, address } = await world.driver.reach(world.resource, task, call());
        await sshd.down();
        await rejectsWith('UNREACHABLE', phase(world));
        await rejectsWith('UNREACHABLE', via.dial(address, call().signal));
        await sshd.up();
        await eventually(
          'the connection comes back',
          async () => (await phase(world).catch(() => '')) === 'running',
          15_000,
        );
        await eventually('it greets again', () => greets(world), 15_000);
      });

      it('outlives the platform’s end, and is known by its key alone', async () => {
        const world = await platform();
        const { ref, ...lost } = task;
        const seen = (await world.driver.observe(world.resource, [lost], call())).get(key);
        assert.deepEqual([seen?.phase, seen && 'ref' in seen ? seen.ref : undefined], ['running', ref]);
        await eventually('it greets', () => greets(world), 15_000);
        let log = '';
        for await (const chunk of world.driver.logs(world.resource, task, {}, call())) log += String(chunk);
        assert.match(log, /^up$/m);
      });
    });
  });
}
