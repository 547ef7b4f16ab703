import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ComputingResource, TaskHandle } from '@stele/sdk';
import { eventually, rejectsWith } from '@stele/sdk/testing';
import { type Bed, needBed } from './lib/bed.ts';
import { Tasks } from './lib/tasks.ts';
import { apiResource, kubectlResource } from './lib/world.ts';

const mebibyte = 1024 ** 2;

for (const way of ['the API', 'kubectl', 'the network of the pods'] as const) {
  describe(`connections to tasks on Kubernetes, through ${way}`, function () {
    this.timeout(120_000);
    let bed: Bed;
    let tasks: Tasks;

    before(async function () {
      bed = await needBed(this);
      if (way === 'the network of the pods') await bed.tell('expose');
      tasks = new Tasks(await resource());
    });
    after(async () => {
      await tasks?.[Symbol.asyncDispose]();
      if (way === 'the network of the pods') await bed?.tell('hide');
    });

    const resource = async (): Promise<ComputingResource> => {
      const conf = { makeNamespaces: true };
      if (way === 'kubectl') return kubectlResource(bed, conf);
      const pods = { reach: 'pods', networks: [bed.pods], platform: [`${bed.platform}/32`] };
      return apiResource(await bed.kubeconfig('token'), { ...conf, ...(way === 'the API' ? {} : pods) });
    };

    const dial = async (task: TaskHandle): Promise<Duplex> => {
      const { address, via } = await tasks.stage.driver.reach(tasks.resource, task, tasks.call());
      return via.dial(address, tasks.call().signal);
    };
    /** A connection to a task, once something listens there. */
    const dialled = async (script: string): Promise<readonly [TaskHandle, Duplex]> => {
      const task = await tasks.submit(script);
      await tasks.until(task, 'running');
      let stream: Duplex | undefined;
      const isThere = async (): Promise<boolean> => {
        stream = await dial(task).catch(() => undefined);
        return stream !== undefined;
      };
      await eventually('the task listens', isThere, 20_000);
      return [task, stream ?? assert.fail()];
    };

    it('are refused where nothing listens', async () => {
      const task = await tasks.submit('sleep 60');
      await tasks.until(task, 'running');
      const error = await rejectsWith('UNREACHABLE', dial(task));
      if (way !== 'the network of the pods') assert.equal(error.message, 'Nothing listens at the task’s port.');
    });

    it('bring everything, and the end', async () => {
      const [, stream] = await dialled(`head -c ${40 * mebibyte} /dev/zero | nc -l -p 8080`);
      let length = 0;
      for await (const chunk of stream) length += (chunk as Buffer).length;
      assert.equal(length, 40 * mebibyte);
    });

    it('take everything, as one message or as many', async () => {
      const [task, stream] = await dialled(`nc -l -p 8080 -e sh -c 'head -c ${20 * mebibyte} | wc -c >&2'`);
      const part = Buffer.alloc(mebibyte);
      for (let parts = 0; parts < 20; parts += 1) if (!stream.write(part)) await once(stream, 'drain');
      await tasks.until(task, 'ended');
      assert.equal((await tasks.log(task)).trim(), String(20 * mebibyte));
      stream.destroy();
    });

    it('carry both ways at once', async () => {
      const [, stream] = await dialled('nc -l -p 8080 -e cat');
      const sent = Buffer.alloc(8 * mebibyte, 'stele');
      stream.write(sent);
      const seen: Buffer[] = [];
      let length = 0;
      for await (const chunk of stream) {
        seen.push(chunk as Buffer);
        length += (chunk as Buffer).length;
        if (length >= sent.length) break;
      }
      assert(Buffer.concat(seen).equals(sent));
    });

    it('bring what a task says long after we have said all', async () => {
      const [, stream] = await dialled(`nc -l -p 8080 -e sh -c 'read -r line; sleep 3; echo "late $line"'`);
      stream.end('it\n');
      assert.equal(Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>)).toString(), 'late it\n');
    });

    it('wait for who doesn’t read: nothing piles up', async () => {
      const [, stream] = await dialled(`head -c ${100 * mebibyte} /dev/zero | nc -l -p 8080`);
      stream.once('readable', () => undefined);
      await sleep(500);
      const before = process.memoryUsage();
      await sleep(2_000);
      const { rss, arrayBuffers } = process.memoryUsage();
      assert(
        arrayBuffers - before.arrayBuffers < 8 * mebibyte,
        `${arrayBuffers - before.arrayBuffers} bytes in buffers`,
      );
      assert(rss - before.rss < 32 * mebibyte, `${rss - before.rss} bytes more`);
      stream.destroy();
    });

    it('end with their task', async () => {
      const [task, stream] = await dialled('nc -l -p 8080 -e cat');
      const over = once(stream.resume(), 'close');
      stream.on('error', () => undefined);
      await tasks.cancel(task);
      await over;
    });
  });
}
