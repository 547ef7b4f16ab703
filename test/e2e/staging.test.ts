import assert from 'node:assert/strict';
import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import type { Task } from '@stele/sdk/api';
import type { Browser, Page } from 'playwright-core';
import { bringStore, certificate, endpoint, Store } from '../storage/s3-world.ts';
import {
  type ApiClient,
  containerOf,
  demandNone,
  endCleanly,
  Engine,
  eventually,
  inOrder,
  launchBrowser,
  type Misdeeds,
  openPage,
  overlay,
  picture,
  Platform,
  resources,
  siteWith,
  skip,
} from './lib/index.ts';
import { pictures, wrongInLooks } from './page/looks.ts';

describe('files from a bucket into a task and back', function () {
  this.timeout(60_000);
  inOrder();
  const owned = new AsyncDisposableStack();
  let store: Store;
  let bucket: string;
  let engine: Engine;
  let platform: Platform;
  let api: ApiClient;
  let browser: Browser;
  let page: Page;
  let misdeeds: Misdeeds;
  let task: Task;

  before(async function () {
    this.timeout(600_000);
    const reason = await bringStore();
    if (reason !== undefined) return skip(this, reason);
    const podman = await Engine.open('podman', 'web-echo');
    if (typeof podman === 'string') return skip(this, podman);
    engine = podman;
    store = owned.use(new Store());
    bucket = await store.makeBucket();
    await store.put(bucket, 'survey/notes.txt', 'from the store');
    await store.put(bucket, 'survey/deep/er/points.csv', '1,2\n3,4\n');
    await store.put(bucket, 'results/earlier.txt', 'stays');
    const elsewhere = {
      ...{ name: 'Observations', backend: 's3', access: 'api', auth: 'platform-token' },
      conf: { endpoint, bucket, ca: certificate() },
      credentials: { accessKeyId: 'KEY', secretAccessKey: { env: 'BUCKET_SECRET' } },
    };
    const plugins = { 'storage-s3': { enabled: true, endpoints: [new URL(endpoint).host] } };
    const site = siteWith(engine, {
      plugins,
      resources: { ...resources, storages: [...resources.storages, elsewhere] },
    });
    platform = owned.use(await Platform.start({ site, engine, environment: { BUCKET_SECRET: 'secret' } }));
    api = await platform.logIn();
    if (pictures !== undefined) await mkdir(pictures, { recursive: true });
    browser = await launchBrowser();
    ({ page, misdeeds } = await openPage(browser, api, { reducedMotion: 'reduce' }));
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await picture([page], `failed-staging-${this.currentTest.title}`);
  });
  after(async () => {
    await browser?.close();
    await owned.disposeAsync();
  });

  const look = async (name: string): Promise<void> => assert.deepEqual(await wrongInLooks(page, `staging-${name}`), []);
  const card = () => page.getByRole('article', { name: 'Echo' });

  it('are chosen in the launch, by keyboard', async () => {
    const { id } = await api.software('Echo');
    await page.goto(`${platform.url}/software?launch=${id}`);
    const sheet = await overlay(page, 'Launch');
    const section = sheet.getByRole('region', { name: 'Files from elsewhere' });
    await section.getByRole('button', { name: 'Add a file or folder' }).press('Enter');
    const dialog = await overlay(page, 'Bring in a file or folder');
    await dialog.getByRole('button', { name: 'survey', exact: true }).press('Enter');
    await dialog.getByRole('button', { name: 'notes.txt' }).waitFor();
    await look('dialog');
    await dialog.getByRole('button', { name: 'Bring in this folder' }).press('Enter');
    await section.getByText('survey').waitFor();
    await section.getByRole('button', { name: 'Choose a folder' }).press('Enter');
    const where = await overlay(page, 'Where results go');
    // Where the user was the last time.
    await where.getByRole('navigation').getByRole('button', { name: 'Observations' }).press('Enter');
    await where.getByRole('button', { name: 'results', exact: true }).press('Enter');
    await where.getByText('No folders in here.').waitFor();
    await where.getByRole('button', { name: 'Bring results here' }).press('Enter');
    await section.getByText('STAGE_FOLDER/out').waitFor();
    await section.scrollIntoViewIfNeeded();
    await look('launch');
    await sheet.getByRole('button', { name: 'Launch' }).click();
    await card().getByText('Ready').waitFor();
  });

  it('are there when it starts', async () => {
    [task] = (await api.items<Task>('/tasks')) as [Task];
    const seen = await inTask('cd "$STAGE_FOLDER" && find . -type f');
    assert.deepEqual(seen.split('\n').sort(), ['./in/survey/deep/er/points.csv', './in/survey/notes.txt']);
    assert.equal(await inTask('cat "$STAGE_FOLDER/in/survey/notes.txt"'), 'from the store');
    const { staging } = await api.task(task.id);
    assert.equal(await inTask('echo "$STAGE_FOLDER"'), staging?.folder);
    assert.deepEqual([staging?.in?.state, staging?.in?.files, staging?.in?.bytes], ['done', 2, 22]);
  });

  it('are in no mount of their own, in whose place a task could leave a link', async () => {
    const format = '{{range .Mounts}}{{.Source}}\n{{end}}';
    const sources = await engine.run('inspect', '--format', format, containerOf(task.key));
    const folders = sources.split('\n').filter((source) => source.startsWith(platform.yard.data));
    assert.deepEqual(folders, [join(platform.yard.data, 'files', 'admin')]);
  });

  it('come back when somebody asks, while it runs', async () => {
    await inTask('cp -r "$STAGE_FOLDER/in/survey" "$STAGE_FOLDER/out/"');
    await page.goto(`${platform.url}/tasks?open=${task.id}`);
    const sheet = await overlay(page, 'Echo');
    await sheet.getByRole('button', { name: 'Bring back now' }).click();
    await sheet.getByText(/Brought last/).waitFor();
    await look('sheet');
    assert.deepEqual(await results(), ['survey/deep/er/points.csv', 'survey/notes.txt']);
  });

  it('come back when it has ended, and nothing stays behind', async () => {
    await inTask('cd "$STAGE_FOLDER/out" && echo 42 >answer && rm -r survey/deep');
    await api.must('POST', `/tasks/${task.id}/stop`);
    await page.goto(`${platform.url}/tasks`);
    const cleared = async (): Promise<boolean> => {
      const { items } = await api.must<{ items: unknown[] }>(
        'GET',
        `/storages/${(await api.storage('My files')).id}/files?path=stele-tasks`,
      );
      return items.length === 0;
    };
    await eventually('the folder of the task is gone', cleared, 20_000);
    const { staging, phase } = await api.task(task.id);
    assert.deepEqual([phase, staging?.out?.state, staging?.out?.files], ['ended', 'done', 2]);
    // What was brought before stays: it may be all that there is of it.
    assert.deepEqual(await results(), ['answer', 'survey/deep/er/points.csv', 'survey/notes.txt']);
    await look('ended');
  });

  it('are shown on their way, and when they can’t go', async () => {
    const at = { files: 3, bytes: 31_000_000, allFiles: 10, allBytes: 120_000_000 };
    const words = 'Files are brought in: 3 of 10 files, 31 MB of 120 MB.';
    const coming = {
      phase: 'submitting',
      name: 'Comes in',
      reason: words,
      staging: { in: { ...at, state: 'moving' } },
    };
    const going = { phase: 'running', name: 'Goes back', staging: { out: { ...at, state: 'moving' } } };
    const stuck = {
      phase: 'ended',
      outcome: 'completed',
      name: 'Is stuck',
      staging: { out: { ...at, state: 'failed', reason: 'There is no bucket “results”.' } },
    };
    const { staging, outcome: _, reason: __, ...rest } = await api.task(task.id);
    const shown = [coming, going, stuck].map((parts, index) => ({
      ...{ ...rest, ...parts, id: rest.id.replace(/.$/, String(index)), ready: parts.phase === 'running' },
      staging: {
        ...staging,
        in: { ...staging?.in, ...('in' in parts.staging ? parts.staging.in : {}) },
        out: { ...staging?.out, ...('out' in parts.staging ? parts.staging.out : {}) },
      },
    }));
    const list = /\/api\/v1\/tasks(\?|$)/;
    await page.route(list, (route) => route.fulfill({ json: { items: shown } }));
    await page.goto(`${platform.url}/tasks`);
    await page.getByRole('progressbar', { name: 'Results brought back' }).first().waitFor();
    await page.getByText('Copying files').waitFor();
    await look('moving');
    await page.unroute(list);
  });

  it('are refused in words where they are gone', async () => {
    const { id: storage } = await api.storage('Observations');
    const [software, computing] = [await api.software('Echo'), await api.computing('This machine')];
    const wish = { software: software.id, computing: computing.id, staging: { in: [{ storage, path: 'nowhere' }] } };
    const answer = await api.post<{ code: string; field: string; detail: string }>('/tasks', wish);
    assert.deepEqual([answer.status, answer.body.field], [404, 'staging.in.0'], JSON.stringify(answer.body));
  });

  it('leave neither errors nor anything else', async () => {
    demandNone(misdeeds);
    await endCleanly(platform, [api], engine);
  });

  /** What a script in the task's container says. */
  function inTask(script: string): Promise<string> {
    return engine.run('exec', containerOf(task.key), 'sh', '-c', script);
  }

  /** What lies in the folder that is the task's own, beside what was there. */
  async function results(): Promise<string[]> {
    const keys = (await store.keys(bucket)).filter((key) => key.startsWith('results/'));
    assert(keys.includes('results/earlier.txt'));
    const own = `results/Echo-${task.key.slice(0, 6)}/`;
    const others = keys.filter((key) => !key.startsWith(own));
    assert.deepEqual(others, ['results/earlier.txt']);
    return keys.filter((key) => key.startsWith(own) && !key.endsWith('/')).map((key) => key.slice(own.length));
  }
});
