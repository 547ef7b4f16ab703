import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { timeFactor } from '@stele/sdk/testing';
import {
  demandNone,
  endCleanly,
  eventually,
  inOrder,
  launchBrowser,
  type Misdeeds,
  openContext,
  overlay,
  picture,
  type Setting,
  skip,
  Stage,
} from './lib/index.ts';
import { openNotebook, run, statuses } from './lib/notebook.ts';

const settings: readonly Setting[] = [
  { engine: 'podman', database: 'embedded', images: ['jupyter-notebook'] },
  { engine: 'docker', database: 'embedded', images: ['jupyter-notebook'] },
  { engine: 'podman', database: 'postgresql', images: ['jupyter-notebook'] },
];

for (const setting of settings) {
  describe(`from a link to a notebook: ${setting.engine}, ${setting.database} database`, function () {
    this.timeout(60_000);
    inOrder();
    let stage: Stage;
    let browser: Browser;
    let page: Page;
    let notebook: Page;
    let misdeeds: Misdeeds;

    before(async function () {
      this.timeout(600_000);
      const opened = await Stage.open(setting);
      if (typeof opened === 'string') return skip(this, opened);
      stage = opened;
      browser = await launchBrowser();
      const opening = await openContext(browser, stage.platform.url, { viewport: { width: 1280, height: 900 } });
      misdeeds = opening.misdeeds;
      page = await opening.context.newPage();
      page.setDefaultTimeout(45_000 * timeFactor);
    });

    afterEach(async function () {
      if (this.currentTest?.state === 'failed') await picture([page, notebook], `failed-${setting.engine}`);
    });

    after(async () => {
      await browser?.close();
      await stage?.[Symbol.asyncDispose]();
    });

    const card = (): Locator => page.getByRole('article', { name: 'Notebook' });

    it('logs in by the link', async () => {
      await page.goto(stage.platform.login);
      await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Software' }).waitFor();
      assert(!page.url().includes('link='), 'the secret does not stay in the address');
      // Gone with the document: the page is never loaded again from here on.
      await page.evaluate(() => Object.assign(globalThis, { isSameDocument: true }));
    });

    it('adds a software by the form', async () => {
      await page.getByRole('link', { name: 'Software', exact: true }).click();
      await page.getByRole('button', { name: 'Add software' }).click();
      const sheet = await overlay(page, 'Add software');
      await sheet.getByRole('textbox', { name: 'Name' }).fill('Notebook');
      await sheet.getByLabel('Image', { exact: true }).fill('localhost/stele/jupyter-notebook:1');
      await sheet.getByRole('button', { name: 'Add it' }).click();
      await card().waitFor();
    });

    it('launches it in three steps and sees it become ready', async () => {
      await card().getByRole('button', { name: 'Launch' }).click();
      const sheet = await overlay(page, 'Launch');
      await sheet.getByRole('radio', { name: /This machine/ }).check();
      await sheet.getByLabel('Name of the task').fill('My notebook');
      assert.deepEqual(await sheet.getByRole('heading', { level: 3 }).allTextContents(), [
        'Software',
        'Computing',
        'Details',
      ]);
      await sheet.getByRole('button', { name: 'Launch' }).click();
      const words = await statuses(page.getByRole('article', { name: 'My notebook' }), 'Ready', 60_000);
      assert(words.length >= 3, `phases arrive one by one: ${words.join(', ')}`);
      assert.match(words.join(), /^(Submitting|Queued|Starting).*Opening,Ready$/);
    });

    it('connects on the task’s own origin', async () => {
      const opening = page.context().waitForEvent('page');
      await page.getByRole('article', { name: 'My notebook' }).getByRole('button', { name: 'Connect' }).click();
      notebook = await opening;
      notebook.setDefaultTimeout(30_000 * timeFactor);
      await notebook.waitForURL(/^http:\/\/[a-z0-9]{16}\.tasks\.localhost:\d+\/lab/);
      assert.equal(await notebook.evaluate(() => globalThis.opener), null);
    });

    it('runs print(6*7) in a kernel', async () => {
      await openNotebook(notebook);
      assert.equal(await run(notebook, 'print(6*7)'), '42');
    });

    it('uploads a file that the notebook sees', async () => {
      const path = join(stage.platform.yard.path, 'greeting.txt');
      await writeFile(path, 'Hello from the browser\n');
      await page.bringToFront();
      await page.getByRole('link', { name: 'Storage', exact: true }).click();
      const choosing = page.waitForEvent('filechooser');
      await page.getByRole('button', { name: 'Upload', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Files…' }).click();
      await (await choosing).setFiles(path);
      await page.getByRole('row', { name: /greeting\.txt/ }).waitFor();
      await notebook.bringToFront();
      assert.equal(await run(notebook, "print(open('greeting.txt').read())"), 'Hello from the browser');
    });

    it('stops it: the container is gone', async () => {
      await page.bringToFront();
      await page.getByRole('link', { name: 'Tasks', exact: true }).click();
      const task = page.getByRole('article', { name: 'My notebook' });
      await task.getByRole('button', { name: 'Stop' }).click();
      await page.getByRole('button', { name: 'Stop it' }).click();
      await statuses(page.getByRole('article', { name: 'My notebook' }), 'Stopped', 60_000);
      const { engine, platform } = stage;
      await eventually(
        'the container is gone',
        async () => (await engine.containersOf(platform.yard.path)).length === 0,
      );
    });

    it('forgets it, once it was asked whether it shall', async () => {
      const task = page.getByRole('article', { name: 'My notebook' });
      await task.getByRole('button', { name: 'Delete My notebook' }).click();
      await page.getByRole('button', { name: 'Delete', exact: true }).click();
      await task.waitFor({ state: 'detached' });
    });

    it('did so without a reload, an error, or a request to anybody else', async () => {
      assert.equal(await page.evaluate(() => 'isSameDocument' in globalThis), true);
      demandNone(misdeeds);
    });

    it('leaves nothing', async () => {
      await browser.close();
      await endCleanly(stage.platform, [], stage.engine);
    });
  });
}
