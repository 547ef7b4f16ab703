import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { formatImage, type JsonObject } from '@stele/sdk';
import { describeStaging, eventually, rejectsWith, testUser } from '@stele/sdk/testing';
import type { LaunchOptions, Task } from '@stele/sdk/api';
import { type ApiClient, inOrder, Platform, skip } from '../e2e/lib/index.ts';
import { taskImage } from '../engines/bed.ts';
import { task } from '../engines/standalone-world.ts';
import { Bucket } from '../storage/bucket.ts';
import { type Bed, needBed } from './lib/bed.ts';
import { Tasks } from './lib/tasks.ts';
import { apiResource, kubectlResource, worldOf } from './lib/world.ts';

const mebibyte = 1024 ** 2;
const storageClassName = 'by-hand';
const conf = { stageSize: 16 * mebibyte, stageClass: storageClassName, stageImage: formatImage(taskImage) };
const never = new AbortController().signal;

/** Volumes of the node, each of which one claim takes: the bed has nobody who makes them. Gone when they are given back. */
async function makeVolumes(bed: Bed, count: number): Promise<AsyncDisposable> {
  const names = Array.from({ length: count }, () => `stele-${randomBytes(6).toString('hex')}`);
  const paths = names.map((name) => `/var/lib/${name}`);
  await bed.tell('exec', 'mkdir', '--mode=777', ...paths);
  const items = names.map((name, index) => ({
    ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name } },
    spec: {
      capacity: { storage: '32Mi' },
      ...{ accessModes: ['ReadWriteOnce'], persistentVolumeReclaimPolicy: 'Retain' },
      ...{ storageClassName, hostPath: { path: paths[index] } },
    },
  }));
  await bed.apply({ apiVersion: 'v1', kind: 'List', items });
  return {
    async [Symbol.asyncDispose]() {
      await bed.kubectl('delete', 'persistentvolumes', ...names, '--wait=false');
      await bed.tell('exec', 'rm', '-r', ...paths);
    },
  };
}

/** What the cluster keeps for a task. */
const kept = (bed: Bed, key: string): Promise<string> => {
  const what = ['get', 'pods,persistentvolumeclaims', '--all-namespaces', '--output=name'];
  return bed.kubectl(...what, `--selector=stele.stage=${key}`);
};

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
    apiResource(await bed.kubeconfig('token'), { makeNamespaces: true, ...conf, ...parts });

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
    const resource = kubectlResource(bed, { makeNamespaces: true, ...conf });
    await using own = new Tasks(resource);
    const { stage } = own.stage.driver;
    const handle = { key: randomBytes(8).toString('hex'), who: testUser };
    const contents = Array.from({ length: 12 }, (_, index) => randomBytes(index * 40_000));
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

describe('a file from a bucket into a pod and back', function () {
  this.timeout(120_000);
  inOrder();
  const owned = new AsyncDisposableStack();
  let bed: Bed;
  let bucket: Bucket;
  let platform: Platform;
  let api: ApiClient;
  let staged: Task;

  before(async function () {
    const store = await Bucket.open();
    if (typeof store === 'string') return skip(this, store);
    bucket = owned.use(store);
    bed = await needBed(this);
    owned.use(await makeVolumes(bed, 1));
    platform = owned.use(await Platform.start({ site: await site() }));
    api = await platform.logIn();
  });
  after(() => owned.disposeAsync());

  const site = async () => {
    const serve = 'cat "$STAGE_FOLDER/in/survey/notes.txt" >/tmp/page/index.html; exec httpd -f -p 8080 -h /tmp/page';
    const SCRIPT = `mkdir /tmp/page; cp -r "$STAGE_FOLDER/in/survey" "$STAGE_FOLDER/out/"; ${serve}`;
    const { registry, tag, repository: image } = taskImage;
    const kubeconfig = { kubeconfig: await bed.kubeconfig('token'), namespace: 'of-$USER', makeNamespaces: true };
    const pods = {
      ...{ name: 'Pods', driver: 'kubernetes', access: 'api', auth: 'platform-certificate' },
      conf: { ...kubeconfig, memory: 32 * mebibyte, cpus: 0.1, grace: 2, ...conf },
    };
    return {
      plugins: { ...Bucket.plugins, 'engine-podman': { enabled: false }, 'engine-docker': { enabled: false } },
      resources: {
        software: [{ name: 'Page', image, registry, tag, port: 8080, protocol: 'http', env: { SCRIPT } }],
        computing: [pods],
      },
    };
  };

  it('is there when the pod starts, though the platform was killed on the way', async () => {
    const staging = await bucket.add(api);
    const { id: computing } = await api.computing('Pods');
    const offer = await api.must<LaunchOptions>('GET', `/computing/${computing}/options`);
    assert.deepEqual([offer.staging.workspaces, offer.staging.reason], [[], undefined]);
    const { id } = await api.launch('Page', { staging }, 'Pods');
    const { key } = await api.task(id);
    await eventually('something copies', async () => /pod\//.test(await kept(bed, key)), 20_000);
    await platform.kill();
    await platform.start();
    api = await platform.logIn();
    await api.ready(id);
    staged = await api.task(id);
    using visitor = await api.enter(staged.id);
    assert.equal(await visitor.text('/'), 'from the store');
    assert.deepEqual([staged.staging?.folder, staged.staging?.in?.files, staged.staging?.in?.bytes], ['/stage', 2, 22]);
  });

  it('comes back when somebody asks, while it runs', async () => {
    await api.must('POST', `/tasks/${staged.id}/bring-back`);
    const isBack = async (): Promise<boolean> => (await api.task(staged.id)).staging?.out?.at !== undefined;
    await eventually('the results are back', isBack, 30_000);
    assert.deepEqual(await bucket.results(), ['survey/deep/er/points.csv', 'survey/notes.txt']);
    assert.equal((await api.task(staged.id)).phase, 'running');
  });

  it('comes back when it was stopped, and nothing stays in the cluster', async () => {
    assert.equal((await api.stop(staged.id)).outcome, 'cancelled');
    const isBack = async (): Promise<boolean> => (await api.task(staged.id)).staging?.out?.state === 'done';
    await eventually('the results are back', isBack, 60_000);
    await eventually('nothing is left', async () => (await kept(bed, staged.key)) === '', 30_000);
  });
});
