import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { JsonObject } from '@stele/sdk';
import { describeStaging, eventually, rejectsWith, testUser } from '@stele/sdk/testing';
import { task } from '../engines/standalone-world.ts';
import { type Bed, needBed } from './lib/bed.ts';
import { Tasks } from './lib/tasks.ts';
import { kept, makeVolumes, stageConf } from './lib/volumes.ts';
import { apiResource, kubectlResource, worldOf } from './lib/world.ts';

const never = new AbortController().signal;

describe('files of a task on a cluster without storages', function () {
  this.timeout(120_000);
  const owned = new AsyncDisposableStack();
  let bed: Bed;

  before(async function () {
    bed = await needBed(this);
    owned.use(await makeVolumes(bed, 8));
  });
  after(() => owned.disposeAsync());

  const byApi = async (parts: JsonObject = {}) =>
    apiResource(await bed.kubeconfig('token'), { makeNamespaces: true, ...stageConf, ...parts });

  describeStaging(
    { describe, it, before, after },
    {
      open: async () => {
        const world = worldOf(await byApi());
        const bring = (folder: string) => task(`cp ${folder}/in/large ${folder}/out/; chmod 700 ${folder}/out`);
        return { ...world, behaviours: { ...world.behaviours, bring } };
      },
      patience: 60_000,
    },
  );

  it('are copied by kubectl as well, many at a time', async () => {
    const resource = kubectlResource(bed, { makeNamespaces: true, ...stageConf });
    await using own = new Tasks(resource);
    const { stage } = own.stage.driver;
    const handle = { key: randomBytes(8).toString('hex'), who: testUser };
    const contents = Array.from({ length: 12 }, (_, index) => randomBytes(index * 40_000));
    // As a platform leaves it that is killed meanwhile.
    await stage.open(resource, handle, own.call());
    {
      await using tree = await stage.open(resource, handle, own.call());
      const write = (content: Buffer, index: number) =>
        tree.write(`${index}`, Readable.from([content]), { size: content.length }, never);
      await Promise.all(contents.map(write));
      const read = async (content: Buffer, index: number) => {
        const stream = await tree.read(`${index}`, { start: 0, end: content.length - 1 }, never);
        const seen = Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>));
        assert(seen.equals(content), `${index} is as it was`);
      };
      await Promise.all(contents.map(read));
      assert((await tree.usage(never))?.free);
    }
    // What copies is gone when nothing is copied; what was copied stays.
    await eventually('the pod is gone', async () => !/pod\//.test(await kept(bed, handle.key)), 20_000);
    assert.match(await kept(bed, handle.key), /^persistentvolumeclaim\/stele-\w+-stage$/m);
    await stage.remove(resource, handle, own.call());
    await eventually('nothing is left', async () => (await kept(bed, handle.key)) === '', 20_000);
  });

  it('can’t be copied by an image that isn’t there, which is said', async () => {
    const resource = await byApi({ stageImage: '127.0.0.1:1/stele/none:1' });
    await using own = new Tasks(resource);
    const handle = { key: randomBytes(8).toString('hex'), who: testUser };
    const { message } = await rejectsWith('INVALID', own.stage.driver.stage.open(resource, handle, own.call()));
    assert.match(message, /image that copies files.*ErrImagePull|ImagePullBackOff/);
    await own.stage.driver.stage.remove(resource, handle, own.call());
    await eventually('nothing is left', async () => (await kept(bed, handle.key)) === '', 20_000);
  });
});
