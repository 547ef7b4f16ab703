import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LaunchOptions, PluginItem, ResourceKinds, Task } from '@stele/sdk/api';
import type { Browser, Page } from 'playwright-core';
import {
  type ApiClient,
  demandNone,
  endCleanly,
  Engine,
  eventually,
  inOrder,
  launchBrowser,
  type Misdeeds,
  openPage,
  picture,
  type Problem,
  Platform,
  resources,
  root,
  siteWith,
  Yard,
} from './lib/index.ts';

const id = 'podman-service';
const place = 'Behind the service';

describe('a plugin from outside, while the page is open', function () {
  this.timeout(60_000);
  inOrder();
  let yard: Yard;
  let engine: Engine;
  let service: ChildProcess;
  let platform: Platform;
  let api: ApiClient;
  let browser: Browser;
  let page: Page;
  let misdeeds: Misdeeds;
  let task: Task;

  before(async function () {
    this.timeout(600_000);
    engine = await Engine.openPodmanBed('web-echo');
    yard = await Yard.open();
    const socket = join(yard.path, 'podman.sock');
    service = spawn('podman', ['system', 'service', '--time', '0', `unix://${socket}`], {
      stdio: 'ignore',
      env: engine.environment,
    });
    const folder = join(yard.path, 'elsewhere', id);
    await cp(join(root, 'examples/plugins', id), folder, { recursive: true });
    await eventually('the service listens', () => stat(socket).then(Boolean, () => false), 20_000);
    const computing = [
      ...resources.computing,
      { ...resources.computing[0], name: place, engines: [{ id, runtimes: [] }] },
    ];
    const storages = resources.storages.map((storage) => ({ ...storage, computing: place }));
    const site = siteWith(engine, {
      resources: { ...resources, computing, storages },
      plugins: { [folder]: Object.assign({ enabled: true }, { socket }) },
    });
    platform = await Platform.start({ site, yard, engine });
    api = await platform.logIn();
    browser = await launchBrowser();
    ({ page, misdeeds } = await openPage(browser, api));
    await page.getByRole('link', { name: 'Software', exact: true }).click();
    await page.evaluate(() => Object.assign(globalThis, { isSameDocument: true }));
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await picture([page], 'failed-plugin');
  });

  after(async () => {
    await browser?.close();
    await platform?.[Symbol.asyncDispose]();
    if (service?.kill()) await once(service, 'exit');
    await yard?.[Symbol.asyncDispose]();
  });

  const link = () =>
    page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Podman', exact: true });
  const engines = async (): Promise<string[]> =>
    (await api.must<ResourceKinds>('GET', '/kinds')).engines.map((one) => one.id);
  const offer = async (): Promise<LaunchOptions> =>
    api.must(
      'GET',
      `/computing/${(await api.computing(place)).id}/options?software=${(await api.software('Echo')).id}`,
    );

  it('brings its panel and its engine', async () => {
    const mine = (await api.items<PluginItem>('/plugins')).find((plugin) => plugin.id === id);
    assert.deepEqual([mine?.state, mine?.code, mine?.reason], ['active', undefined, undefined]);
    await link().waitFor();
    assert.deepEqual((await engines()).toSorted(), ['podman', id]);
    assert.deepEqual([(await offer()).fits, (await offer()).engines.map((one) => one.id)], [true, [id]]);
  });

  it('runs a task', async () => {
    task = await api.launch('Echo', {}, place);
    task = await api.ready(task.id);
    assert.equal(task.engine?.id, id);
    using visitor = await api.enter(task.id);
    assert.match(await visitor.text('/'), /web-echo/);
  });

  it('shows its panel, filled by its own routes', async () => {
    await link().click();
    await page.getByRole('heading', { name: 'Podman services', level: 1 }).waitFor();
    await page
      .getByRole('listitem')
      .filter({ hasText: /Podman \d+\./ })
      .waitFor();
  });

  it('takes both back when it is disabled, also from under the visitor', async () => {
    await api.must('POST', `/plugins/${id}/disable`);
    await link().waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'There is no such place' }).waitFor();
    assert.deepEqual(await engines(), ['podman']);
    const options = await api.get<Problem>(`/computing/${(await api.computing(place)).id}/options`);
    assert.deepEqual([options.status, options.body.code], [422, 'UNSUPPORTED']);
    assert.equal((await api.get(`/plugins/${id}/services`)).status, 404);
  });

  it('loses no task by that', async () => {
    assert.notEqual((await api.task(task.id)).phase, 'ended');
  });

  it('brings both again when it is enabled, where the visitor waits', async () => {
    await api.must('POST', `/plugins/${id}/enable`);
    await page.getByRole('heading', { name: 'Podman services', level: 1 }).waitFor();
    await link().waitFor();
    assert.deepEqual((await engines()).toSorted(), ['podman', id]);
    assert.equal((await offer()).fits, true);
    await api.ready(task.id);
    assert.equal((await api.stop(task.id)).outcome, 'cancelled');
  });

  it('did so without a reload, an error, or a request to anybody else', async () => {
    assert.equal(await page.evaluate(() => 'isSameDocument' in globalThis), true);
    demandNone(misdeeds);
  });

  it('stays disabled over a restart', async () => {
    await api.must('POST', `/plugins/${id}/disable`);
    await browser.close();
    await platform.stop();
    await platform.start();
    assert.deepEqual(await engines(), ['podman']);
    await api.must('POST', `/plugins/${id}/enable`);
  });

  it('leaves nothing', async () => {
    const gone = async (): Promise<boolean> => (await engine.containersOf(yard.path)).length === 0;
    await eventually('what waited for the plugin is cleaned up', gone, 20_000);
    service.kill();
    await once(service, 'exit');
    await endCleanly(platform, [], engine);
  });
});
