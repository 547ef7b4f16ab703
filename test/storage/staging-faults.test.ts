import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { NewStaging, Task } from '@stele/sdk/api';
import { bringStore, certificate, endpoint, Store } from './s3-world.ts';
import {
  type ApiClient,
  containerOf,
  endCleanly,
  type Engine,
  eventually,
  Platform,
  siteWith,
  skip,
  Yard,
} from '../e2e/lib/index.ts';
import { computing, imageLimit, openPodman, worldOf } from '../faults/lib/world.ts';

const run = promisify(execFile);
const mebibyte = 2 ** 20;
const files = 60;
/** A script, run in the folder with a task's files. */
const staged = (script: string) => ['sh', '-c', `cd "$STAGE_FOLDER" && ${script}`];
/** Different at each place of each file. */
const contentOf = (index: number): Buffer => Buffer.alloc(mebibyte, `file ${index}, `);

describe('files on their way into a task and back', function () {
  this.timeout(120_000);
  const owned = new AsyncDisposableStack();
  let store: Store;
  let bucket: string;
  let engine: Engine;
  let platform: Platform;
  let api: ApiClient;
  let elsewhere: string;

  before(async function () {
    this.timeout(imageLimit);
    const reason = (await bringStore()) ?? (process.getuid?.() === 0 ? undefined : 'only root mounts a small disk');
    if (reason !== undefined) return skip(this, reason);
    engine = await openPodman();
    store = owned.use(new Store());
    bucket = await store.makeBucket();
    for (let index = 0; index < files; index += 1) {
      await store.put(bucket, `many/${String(index).padStart(2, '0')}`, contentOf(index).toString());
    }
    const yard = owned.use(await Yard.open());
    const disk = await yard.folder('small');
    await run('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=0755', 'stele-small', disk]);
    owned.defer(async () => void (await run('umount', [disk])));
    platform = owned.use(
      await Platform.start({ site: siteWith(engine, site()), engine, yard, environment: { BUCKET_SECRET: 'secret' } }),
    );
    api = await platform.logIn();
    elsewhere = (await api.storage('Bucket')).id;
  });
  after(async () => {
    await owned.disposeAsync();
  });

  const site = () => {
    const conf = { endpoint, bucket, ca: certificate() };
    const credentials = { accessKeyId: 'KEY', secretAccessKey: { env: 'BUCKET_SECRET' } };
    const s3 = { name: 'Bucket', backend: 's3', access: 'api', auth: 'platform-token', conf, credentials };
    const small = {
      ...{ name: 'Small disk', backend: 'posix', access: 'local', auth: 'none', computing: 'Small machine' },
      conf: { base: '${data}/small/$USER', bind: '/storage/small' },
    };
    const resources = worldOf({ computing: [computing('Small machine', 'podman')], storages: [s3, small] });
    return { resources, plugins: { 'storage-s3': { enabled: true, endpoints: [new URL(endpoint).host] } } };
  };
  const launch = (staging: NewStaging, where?: string): Promise<Task> => api.launch('Echo', { staging }, where);
  const many = () => ({ in: [{ storage: elsewhere, path: 'many' }], out: { storage: elsewhere, path: '' } });
  const workspace = (task: Task): string => join(platform.yard.data, 'files', 'admin', 'stele-tasks', task.key);
  /** Files that a task could see, drafts left out; each must be whole. */
  const whole = async (folder: string): Promise<number> => {
    const names = (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.'));
    for (const name of names)
      assert((await readFile(join(folder, name))).equals(contentOf(Number(name))), `${name} is whole`);
    return names.length;
  };
  const isCleared = async (task: Task): Promise<boolean> => !existsSync(workspace(task));
  const killAgain = async (): Promise<void> => {
    await platform.kill();
    await platform.start();
    api = await platform.logIn();
  };

  it('survive a platform that is killed again and again, and none is doubled', async () => {
    const task = await launch(many());
    const into = join(workspace(task), 'in', 'many');
    let kills = 0;
    for (const moment of [150, 350]) {
      await sleep(moment);
      if ((await api.task(task.id)).phase !== 'submitting') break;
      await killAgain();
      kills += 1;
      await whole(into);
    }
    assert(kills > 0, 'it was too quick to be killed');
    await api.ready(task.id);
    assert.equal(await whole(into), files);
    assert.deepEqual(
      (await readdir(into)).filter((name) => name.startsWith('.')),
      [],
      'no drafts are left',
    );
    await engine.run('exec', containerOf(task.key), ...staged('cp -r in/many out/'));
    await api.must('POST', `/tasks/${task.id}/stop`);
    await sleep(500);
    await killAgain();
    await eventually('the folder is gone', () => isCleared(task), 60_000);
    const own = `Echo-${task.key.slice(0, 6)}/many/`;
    const keys = (await store.keys(bucket)).filter((key) => key.startsWith(own) && key !== own);
    assert.equal(keys.length, files);
    const { staging } = await api.task(task.id);
    assert.deepEqual([staging?.out?.state, staging?.out?.files], ['done', files]);
    await api.must('POST', `/storages/${elsewhere}/operations`, { op: 'remove', path: own.split('/')[0] });
  });

  it('end a task that they have no room for, in words, before it starts', async () => {
    const { id } = await launch(many(), 'Small machine');
    const { outcome, reason } = await api.ended(id);
    assert.equal(outcome, 'rejected');
    assert.match(reason ?? '', /“Small disk” has room for .* MB; 63 MB are to go there/);
  });

  it('stop when the task is stopped, and leave nothing', async () => {
    const task = await launch(many());
    await eventually('they come', async () => (await whole(join(workspace(task), 'in', 'many'))) > 0, 20_000);
    const { outcome } = await api.stop(task.id);
    assert.equal(outcome, 'cancelled');
    await eventually('the folder is gone', () => isCleared(task), 20_000);
  });

  it('stay where they are when the bucket is gone, and go when it is back', async () => {
    await store.put(bucket, 'one', 'is there');
    const task = await launch({ in: [{ storage: elsewhere, path: 'one' }], out: { storage: elsewhere, path: '' } });
    await api.ready(task.id);
    await engine.run('exec', containerOf(task.key), ...staged('cp in/one out/'));
    await store.removeBucket(bucket);
    await api.stop(task.id);
    const failed = async (): Promise<boolean> => (await api.task(task.id)).staging?.out?.state === 'failed';
    await eventually('it is said', failed, 20_000);
    assert.match((await api.task(task.id)).staging?.out?.reason ?? '', /no bucket/);
    assert.equal(await readFile(join(workspace(task), 'out', 'one'), 'utf8'), 'is there');
    await store.makeBucket(bucket);
    await api.must('POST', `/tasks/${task.id}/bring-back`);
    await eventually('it is back', async () => (await api.task(task.id)).staging?.out?.state === 'done', 20_000);
    assert((await store.keys(bucket)).some((key) => key.endsWith('/one')));
    await endCleanly(platform, [api], engine);
  });
});
