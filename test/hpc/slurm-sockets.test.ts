import assert from 'node:assert/strict';
import type { TaskHandle } from '@stele/sdk';
import { rejectsWith } from '@stele/sdk/testing';
import { skip } from '../e2e/lib/skip.ts';
import { containerYard, openTaskImages, type TaskImages } from './lib/container-world.ts';
import { openSite, type Site, siteMissing } from './lib/site.ts';
import { knockAt, socketGreeter, socketTask } from './lib/socket-task.ts';
import { call, patience, type Yard } from './lib/yard.ts';

describe('a task whose interface is a socket', function () {
  this.timeout(patience * 3);
  let site: Site;
  let images: TaskImages;
  let yard: Yard;

  before(async function () {
    this.timeout(600_000);
    const why = await siteMissing();
    if (why !== undefined) return skip(this, why);
    site = await openSite({ suite: 'trixie' });
    images = await openTaskImages(site);
    yard = containerYard(site, 'singularity', images, { reach: 'jump', openInterfaces: 'refuse' });
  });
  after(async () => {
    await yard?.close();
    await images?.[Symbol.asyncDispose]();
  });

  const launch = async (): Promise<TaskHandle> => {
    const task = await yard.launch(socketGreeter, { partition: 'gpu' }, { parts: socketTask });
    await yard.until(task, 'running');
    await yard.greeted(task);
    return task;
  };

  it('is reached through its node, and by nobody else there', async () => {
    const task = await launch();
    const { address } = await yard.driver.reach(yard.resource, task, call());
    assert('socket' in address);
    const folder = address.socket.replace(/\/interface$/, '');
    assert.match(await site.on('node1', 'stat', '-c', '%a %U', folder), /^700 bob$/);
    assert.equal(await site.as('bob', 'node1', ...knockAt(address.socket)), 'in');
    assert.equal(await site.as('alice', 'node1', ...knockAt(address.socket)), 'Permission denied');
    const listening = await site.on('node1', 'sh', '-c', 'ss -Hltn | grep -v -e ":22 " -e ":68[0-9][0-9] " || true');
    assert.equal(listening, '', 'it opens no port');
    await yard.cancel(task);
    await yard.until(task, 'ended');
    await rejectsWith('CONFLICT', yard.driver.reach(yard.resource, task, call()));
    assert.equal(await site.on('node1', 'sh', '-c', `ls -d ${folder} 2>/dev/null || true`), '');
  });

  it('needs no password where the operator wants one, and software on a port still does', async () => {
    const { exposures } = await yard.driver.describe(yard.resource, call());
    assert.deepEqual([exposures?.['singularity']?.isRefused, exposures?.['singularity']?.sparesSockets], [true, true]);
    const refused = yard.launch(socketGreeter, { partition: 'gpu' });
    assert.equal((await rejectsWith('DENIED', refused)).field, 'software');
  });
});
