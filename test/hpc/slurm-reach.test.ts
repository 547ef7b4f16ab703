import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskHandle } from '@stele/sdk';
import { rejectsWith } from '@stele/sdk/testing';
import { skip } from '../e2e/lib/skip.ts';
import { SiteAccess } from './lib/site-access.ts';
import { openSite, type Site, siteMissing } from './lib/site.ts';
import { greeter } from './lib/slurm-world.ts';
import { call, patience, Yard } from './lib/yard.ts';

describe('the way to a task on a cluster', function () {
  this.timeout(patience * 3);
  let site: Site;
  let loginAddress: string;

  before(async function () {
    this.timeout(600_000);
    const why = await siteMissing();
    if (why !== undefined) return skip(this, why);
    site = await openSite({ suite: 'trixie' });
    loginAddress = (await site.on('login', 'getent', 'hosts', 'login')).split(/\s+/)[0] ?? '';
  });

  const recordOf = ({ key }: TaskHandle): string => join(site.home('bob'), '.stele/tasks', key, 'status');

  /** Changes a task's record as what runs in it may; its agent mends it sooner or later. */
  async function forge(handle: TaskHandle, ...lines: string[]): Promise<void> {
    const file = recordOf(handle);
    const names = lines.map((line) => line.slice(0, line.indexOf('=') + 1));
    const kept = (await readFile(file, 'utf8'))
      .split('\n')
      .filter((line) => !names.some((one) => line.startsWith(one)));
    await writeFile(file, [...lines, ...kept].join('\n'));
  }

  /** Sees what holds while a task's record is forged: once more when its agent has mended it meanwhile. */
  async function whileForged(
    handle: TaskHandle,
    lines: string[],
    look: () => Promise<unknown>,
    tries = 5,
  ): Promise<void> {
    await forge(handle, ...lines);
    try {
      await look();
    } catch (error) {
      const record = await readFile(recordOf(handle), 'utf8');
      if (tries === 1 || lines.every((line) => record.includes(line))) throw error;
      await whileForged(handle, lines, look, tries - 1);
    }
  }

  for (const reach of ['login', 'jump'] as const) {
    describe(`by ${reach}`, () => {
      let yard: Yard;
      let handle: TaskHandle;
      before(async () => {
        yard = new Yard(site, new SiteAccess(site), { reach });
        handle = await yard.running(greeter);
        await yard.greeted(handle);
      });
      after(() => yard?.close());

      it('leads to no SSH server, whatever the task’s record says', async () => {
        await whileForged(handle, [`address=${loginAddress}`, 'node=login', 'port=22'], () =>
          rejectsWith('DENIED', yard.greeting(handle)),
        );
      });

      it('leads to none but the job’s own node: not to the controller', async () => {
        const port = await controllerPort(site);
        await whileForged(handle, [`address=${loginAddress}`, 'node=login', `port=${port}`], async () => {
          const { address } = await yard.driver.reach(yard.resource, handle, call());
          assert.notEqual('host' in address ? address.host : '', loginAddress);
          await rejectsWith('UNREACHABLE', yard.greeting(handle));
        });
      });

      it('leads nowhere once its agent has fallen silent, or somebody else is at its port', async () => {
        await whileForged(handle, ['heartbeat=1600000000'], () => rejectsWith('UNREACHABLE', yard.greeting(handle)));
        await yard.greeted(handle);
        const { address } = await yard.driver.reach(yard.resource, handle, call());
        assert('port' in address);
        await whileForged(handle, [`listening=${address.port}@foreign`], () =>
          rejectsWith('CONFLICT', yard.greeting(handle)),
        );
      });

      it('is mended by its agent', async () => {
        await yard.greeted(handle);
        await yard.cancel(handle);
        await rejectsWith('CONFLICT', yard.greeting(handle));
      });
    });
  }
});

/** Where slurmctld really listens on the login node. */
async function controllerPort(site: Site): Promise<number> {
  const line = await site.on('login', 'scontrol', 'show', 'config');
  const port = Number(/SlurmctldPort\s*=\s*(\d+)/.exec(line)?.[1]);
  assert(port > 1_023);
  return port;
}
