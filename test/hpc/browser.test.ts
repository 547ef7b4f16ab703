import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Computing, Software } from '@stele/sdk/api';
import type { Browser, Locator, Page } from 'playwright-core';
import { timeFactor } from '@stele/sdk/testing';
import {
  ApiClient,
  demandNone,
  eventually,
  inOrder,
  launchBrowser,
  type Misdeeds,
  openPage,
  overlay,
  picture,
  Platform,
  skip,
} from '../e2e/lib/index.ts';
import { violations } from '../e2e/page/axe.ts';
import { leftBy } from './lib/cluster.ts';
import { ClusterStage } from './lib/cluster-stage.ts';
import type { SiteRegistry } from './lib/images.ts';
import { coloursOf, openNotebook, run, statuses } from '../e2e/lib/notebook.ts';
import type { Site } from './lib/site.ts';

/** The first start of an image on the site makes its SIF. */
const startLimit = 240_000;
/** What the lines below put into the home: the notebook is begun there. */
const itsFiles = ['greeting.txt', 'Untitled.ipynb', '.ipynb_checkpoints'];
const flags = { customPort: true, interfaceAuth: true, fixedUser: false };

describe('the line on a Slurm cluster by hand', function () {
  this.timeout(120_000);
  inOrder();
  const owned = new AsyncDisposableStack();
  let site: Site;
  let platform: Platform;
  let browser: Browser;
  let page: Page;
  let lab: Page;
  let desktop: Page;
  let misdeeds: Misdeeds;
  let busy = '';

  before(async function () {
    this.timeout(900_000);
    const opened = await ClusterStage.open({ suite: 'trixie', images: ['jupyter-notebook', 'minimal-desktop'] });
    if (typeof opened === 'string') return skip(this, opened);
    const { registry, siteFile } = owned.use(opened);
    ({ site } = opened);
    await site.deauthorize('alice');
    await site.as('alice', 'login', 'rm', '-rf', '.stele', ...itsFiles);
    platform = owned.use(await Platform.start({ site: siteFile }));
    const api = await ApiClient.logIn(platform.url, platform.login);
    await furnish(api, site, registry);
    browser = await launchBrowser();
    ({ page, misdeeds } = await openPage(browser, api, { viewport: { width: 1280, height: 900 } }));
    page.setDefaultTimeout(45_000 * timeFactor);
  });

  afterEach(async function () {
    const { title = '', state = '' } = this.currentTest ?? {};
    await picture([page, lab, desktop], `hpc-${state}-${title.slice(0, 30).replaceAll(/\W+/g, '-')}`);
  });

  after(async function () {
    this.timeout(120_000);
    await browser?.close();
    if (busy !== '') await site.on('login', 'scancel', busy);
    await site?.as('alice', 'login', 'rm', '-rf', ...itsFiles);
    await owned.disposeAsync();
  });

  const card = (name: string): Locator => page.getByRole('article', { name });
  const go = async (place: string): Promise<void> => {
    await page.bringToFront();
    await page.getByRole('link', { name: place, exact: true }).first().click();
  };
  const connect = async (name: string): Promise<Page> => {
    const opening = page.context().waitForEvent('page');
    await card(name).getByRole('button', { name: 'Connect' }).click();
    const opened = await opening;
    opened.setDefaultTimeout(45_000 * timeFactor);
    // A tab behind another draws nothing.
    await opened.bringToFront();
    await opened.waitForURL(/^http:\/\/[a-z0-9]{16}\.tasks\.localhost:\d+\//);
    return opened;
  };
  const stop = async (name: string): Promise<void> => {
    await go('Tasks');
    await card(name).getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Stop it' }).click();
    await statuses(card(name), 'Stopped', 60_000);
  };

  it('logs in by the link', async () => {
    await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Software' }).waitFor();
    await page.evaluate(() => Object.assign(globalThis, { isSameDocument: true }));
  });

  it('says on the account page what has to be added on the site', async () => {
    await go('Account');
    await page.getByRole('link', { name: 'SSH', exact: true }).click();
    await page.getByRole('textbox', { name: 'User name on Cluster' }).fill('alice');
    await page.getByRole('button', { name: 'Check Cluster', exact: true }).click();
    await page.getByText('You don’t get in').waitFor();
    await picture([page], 'hpc-account-refused');
    const key = page.getByRole('region', { name: 'SSH key', exact: true });
    const line = await key
      .getByText(/^ssh-ed25519 /)
      .first()
      .innerText();
    await site.authorize('alice', line.trim());
  });

  it('gets in once the key is there', async () => {
    await page.getByRole('button', { name: 'Check Cluster', exact: true }).click();
    await page.getByText('You get in').waitFor();
    assert.deepEqual(await violations(page), []);
  });

  it('queues behind a job of somebody else, and says why', async function () {
    this.timeout(startLimit + 60_000);
    const job = ['--partition=gpu', '--exclusive', '--output=/dev/null', '--wrap=sleep 900'];
    busy = await site.as('bob', 'login', 'sbatch', '--parsable', ...job);
    await go('Software');
    await card('Notebook').getByRole('button', { name: 'Launch' }).click();
    const sheet = await overlay(page, 'Launch');
    await sheet.getByRole('radio', { name: 'Cluster', exact: true }).check();
    await sheet.getByLabel('Name of the task').fill('My notebook');
    await sheet
      .getByRole('combobox', { name: 'Partition', exact: true })
      .selectOption({ label: await labelOf(sheet, /^gpu /) });
    await sheet.getByRole('spinbutton', { name: 'Cores', exact: true }).fill('1');
    await sheet.getByRole('spinbutton', { name: /^Memory/ }).fill('1');
    await sheet.getByLabel('Unit of Memory').selectOption('GiB');
    await sheet.getByRole('spinbutton', { name: /^Time/ }).fill('15');
    await sheet.getByLabel('Unit of Time').selectOption('minutes');
    await picture([page], 'hpc-launch');
    assert.deepEqual(await violations(page), []);
    await sheet.getByRole('button', { name: 'Launch' }).click();
    // The image is made on the login node before the job is submitted: long enough to be told how far that is.
    await card('My notebook')
      .getByText(/(Fetching|Unpacking|Making) the image.*: \d+ MiB so far/)
      .waitFor();
    await picture([page], 'hpc-fetching');
    await statuses(card('My notebook'), 'Queued', startLimit);
    await card('My notebook').getByText('Waiting for free nodes').waitFor();
    await picture([page], 'hpc-queued');
    assert.deepEqual(await violations(page), []);
  });

  it('starts when there is room, without a reload', async function () {
    this.timeout(startLimit + 30_000);
    await site.on('login', 'scancel', busy);
    busy = '';
    const words = await statuses(card('My notebook'), 'Ready', startLimit);
    assert.equal(words[0], 'Queued', words.join());
  });

  it('connects on the task’s own origin and runs print(6*7)', async () => {
    lab = await connect('My notebook');
    await openNotebook(lab);
    assert.equal(await run(lab, 'print(6*7)'), '42');
  });

  it('uploads a file to the cluster’s home that the notebook reads', async () => {
    const path = join(platform.yard.path, 'greeting.txt');
    await writeFile(path, 'Hello from the browser\n');
    await go('Storage');
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Upload', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Files…' }).click();
    await (await choosing).setFiles(path);
    await page.getByRole('row', { name: /greeting\.txt/ }).waitFor();
    await lab.bringToFront();
    assert.equal(await run(lab, "print(open('/storage/home/greeting.txt').read())"), 'Hello from the browser');
  });

  it('stops it, and speaks of it no longer', async () => {
    await stop('My notebook');
    await page.getByRole('region', { name: 'Messages' }).getByText('My notebook').waitFor({ state: 'detached' });
  });

  it('shows a desktop of the cluster', async function () {
    this.timeout(startLimit + 60_000);
    await go('Software');
    await card('Desktop').getByRole('button', { name: 'Launch' }).click();
    const sheet = await overlay(page, 'Launch');
    await sheet.getByRole('radio', { name: 'Cluster', exact: true }).check();
    await sheet.getByLabel('Name of the task').fill('My desktop');
    await sheet.getByRole('button', { name: 'Launch' }).click();
    await statuses(card('My desktop'), 'Ready', startLimit);
    desktop = await connect('My desktop');
    await eventually('there is a picture', async () => (await coloursOf(desktop)) > 3, 45_000);
    await picture([desktop], 'hpc-desktop');
  });

  it('stops that, too, and leaves nothing but the user’s files', async () => {
    await stop('My desktop');
    let left = '';
    await eventually(
      () => `nothing is left: ${left}`,
      async () => (left = await leftBy(site, 'alice')) === '',
      60_000,
    );
    assert.equal(await site.as('alice', 'login', 'cat', 'greeting.txt'), 'Hello from the browser');
  });

  it('did so without a reload, an error, or a request to anybody else', async () => {
    assert.equal(await page.evaluate(() => 'isSameDocument' in globalThis), true);
    demandNone(misdeeds);
  });
});

/** What an administrator has made before: a cluster whose host is known, its users' homes, two kinds of software. */
async function furnish(api: ApiClient, site: Site, { address: registry }: SiteRegistry): Promise<void> {
  const owner = { kind: 'platform' };
  const { id: computing } = await api.must<Computing>('POST', '/computing', {
    name: 'Cluster',
    driver: 'slurm',
    access: 'ssh',
    auth: 'user-keys',
    accessConf: { host: site.login, port: site.port, hostKeys: [site.hostKey] },
    owner,
  });
  await api.must('POST', '/storages', {
    name: 'Home on Cluster',
    backend: 'posix',
    access: 'computing',
    auth: 'user-keys',
    computing,
    conf: { base: '/home/$SSH_USER', bind: '/storage/home' },
    owner,
  });
  const common = { registry, tag: '1', protocol: 'http', flags, owner };
  const notebook = { ...common, name: 'Notebook', image: 'stele/jupyter-notebook', port: 8888, icon: 'notebook' };
  const desktop = { ...common, name: 'Desktop', image: 'stele/minimal-desktop', port: 8590, icon: 'desktop' };
  for (const software of [notebook, desktop]) await api.must<Software>('POST', '/software', software);
}

/** The whole label of a partition, which says what it has. */
async function labelOf(sheet: Locator, start: RegExp): Promise<string> {
  const label = await sheet.getByRole('option').filter({ hasText: start }).first().textContent();
  return label?.trim() ?? '';
}
