import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { formatImage, type TaskHandle } from '@stele/sdk';
import { rejectsWith, testCall, testUser } from '@stele/sdk/testing';
import type { LaunchOptions, Task } from '@stele/sdk/api';
import { type ApiClient, eventually, inOrder, Platform, skip } from '../e2e/lib/index.ts';
import { taskImage } from '../engines/bed.ts';
import { Bucket } from '../storage/bucket.ts';
import { type Bed, needBed } from './lib/bed.ts';
import { Tasks } from './lib/tasks.ts';
import { apiResource, kubectlResource } from './lib/world.ts';

const mebibyte = 1024 ** 2;
const storageClassName = 'by-hand';
const conf = { stageSize: 16 * mebibyte, stageClass: storageClassName, stageImage: formatImage(taskImage) };
const never = new AbortController().signal;

/** A volume of the node that one claim takes. The bed has nobody who makes them. */
async function makeVolume(bed: Bed): Promise<string> {
  const name = `stele-${randomBytes(6).toString('hex')}`;
  const path = `/var/lib/${name}`;
  await bed.tell('exec', 'sh', '-c', `mkdir ${path} && chmod 777 ${path}`);
  await bed.apply({
    ...{ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name } },
    spec: {
      capacity: { storage: '32Mi' },
      ...{ accessModes: ['ReadWriteOnce'], persistentVolumeReclaimPolicy: 'Retain' },
      ...{ storageClassName, hostPath: { path } },
    },
  });
  return name;
}

/** What the cluster keeps for a task. */
const kept = (bed: Bed, key: string): Promise<string> => {
  const what = ['get', 'pods,persistentvolumeclaims', '--all-namespaces', '--output=name'];
  return bed.kubectl(...what, `--selector=stele.stage=${key}`);
};

describe('files of a task on a cluster without storages', function () {
  this.timeout(120_000);
  let bed: Bed;
  let volume = '';

  before(async function () {
    bed = await needBed(this);
  });
  beforeEach(async () => void (volume = await makeVolume(bed)));
  afterEach(() => bed.kubectl('delete', 'persistentvolume', volume, '--wait=false'));

  for (const [way, resourceOf] of [
    ['its API', async () => apiResource(await bed.kubeconfig('token'), { makeNamespaces: true, ...conf })],
    ['kubectl', async () => kubectlResource(bed, { makeNamespaces: true, ...conf })],
  ] as const) {
    it(`lie in a volume of its own, that outlives it: by ${way}`, async () => {
      const resource = await resourceOf();
      await using own = new Tasks(resource);
      const { stage } = own.stage.driver;
      const large = randomBytes(3 * mebibyte + 17);
      const key = randomBytes(8).toString('hex');
      const early: TaskHandle = { key, who: testUser };
      {
        await using tree = await stage.open(resource, early, testCall());
        for (const folder of ['in', 'out']) await tree.makeFolder(folder, never);
        await tree.write('in/large', Readable.from([large]), { size: large.length }, never);
        const many = Array.from({ length: 20 }, (_, index) => `in/${index}`);
        await Promise.all(
          many.map((path) => tree.write(path, Readable.from([Buffer.from(path)]), { size: path.length }, never)),
        );
        assert((await tree.usage(never))?.free);
      }
      const script = 'cat /stage/in/? >/stage/out/few; cp /stage/in/large /stage/out/; chmod 700 /stage/out';
      const task = await own.submit(script, { key, stage: '/stage' });
      const { exitCode } = await own.until(task, 'ended');
      assert.equal(exitCode, 0, await own.log(task));
      await own.stage.driver.clean(resource, task, testCall());
      {
        await using tree = await stage.open(resource, task, testCall());
        const { items } = await tree.list('out', { hidden: true }, never);
        assert.deepEqual(items.map(({ name }) => name).sort(), ['few', 'large']);
        const read = await tree.read('out/large', { start: 0, end: large.length - 1 }, never);
        assert(Buffer.concat(await Array.fromAsync(read as AsyncIterable<Buffer>)).equals(large));
      }
      assert.match(await kept(bed, key), /^persistentvolumeclaim\/stele-\w+-stage$/m);
      await stage.remove(resource, task, testCall());
      await stage.remove(resource, task, testCall());
      await eventually('nothing is left', async () => (await kept(bed, key)) === '', 20_000);
    });
  }

  it('can’t be copied by an image that isn’t there, which is said', async () => {
    const wrong = { ...conf, stageImage: '127.0.0.1:1/stele/none:1' };
    const resource = apiResource(await bed.kubeconfig('token'), { makeNamespaces: true, ...wrong });
    await using own = new Tasks(resource);
    const task = { key: randomBytes(8).toString('hex'), who: testUser };
    const { message } = await rejectsWith('INVALID', own.stage.driver.stage.open(resource, task, own.call()));
    assert.match(message, /image that copies files.*ErrImagePull|ImagePullBackOff/);
    await own.stage.driver.stage.remove(resource, task, testCall());
    await eventually('nothing is left', async () => (await kept(bed, task.key)) === '', 20_000);
  });
});

describe('a file from a bucket into a pod and back', function () {
  this.timeout(120_000);
  inOrder();
  const owned = new AsyncDisposableStack();
  let bed: Bed;
  let bucket: Bucket;
  let api: ApiClient;
  let task: Task;

  before(async function () {
    const store = await Bucket.open();
    if (typeof store === 'string') return skip(this, store);
    bucket = owned.use(store);
    bed = await needBed(this);
    const volume = await makeVolume(bed);
    owned.defer(async () => void (await bed.kubectl('delete', 'persistentvolume', volume, '--wait=false')));
    const platform = owned.use(await Platform.start({ site: await site() }));
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

  it('is there when the pod starts', async () => {
    const staging = await bucket.add(api);
    const { id: computing } = await api.computing('Pods');
    const offer = await api.must<LaunchOptions>('GET', `/computing/${computing}/options`);
    assert.deepEqual([offer.staging.workspaces, offer.staging.reason], [[], undefined]);
    const { id } = await api.launch('Page', { staging }, 'Pods');
    await api.ready(id);
    task = await api.task(id);
    using visitor = await api.enter(task.id);
    assert.equal(await visitor.text('/'), 'from the store');
    assert.deepEqual([task.staging?.folder, task.staging?.in?.files, task.staging?.in?.bytes], ['/stage', 2, 22]);
  });

  it('comes back when somebody asks, while it runs', async () => {
    await api.must('POST', `/tasks/${task.id}/bring-back`);
    const isBack = async (): Promise<boolean> => (await api.task(task.id)).staging?.out?.at !== undefined;
    await eventually('the results are back', isBack, 30_000);
    assert.deepEqual(await bucket.results(), ['survey/deep/er/points.csv', 'survey/notes.txt']);
    assert.equal((await api.task(task.id)).phase, 'running');
  });

  it('comes back when it was stopped, and nothing stays in the cluster', async () => {
    assert.equal((await api.stop(task.id)).outcome, 'cancelled');
    const isBack = async (): Promise<boolean> => (await api.task(task.id)).staging?.out?.state === 'done';
    await eventually('the results are back', isBack, 60_000);
    await eventually('nothing is left', async () => (await kept(bed, task.key)) === '', 30_000);
  });
});
