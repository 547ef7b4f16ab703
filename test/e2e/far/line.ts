import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Computing } from '@stele/sdk/api';
import type { Browser, Locator, Page } from 'playwright-core';
import { timeFactor } from '@stele/sdk/testing';
import { OidcStage } from '../../oidc/lib/stage.ts';
import {
  demandNone,
  eventually,
  inOrder,
  launchBrowser,
  type Misdeeds,
  openContext,
  overlay,
  picture,
  skip,
} from '../lib/index.ts';
import { openNotebook, run, statuses } from '../lib/notebook.ts';
import { violations } from '../page/axe.ts';

/** A resource without a shell, and how a person adds it. */
export interface FarResource {
  /** In names of tests and of pictures. */
  readonly id: string;
  /** Kind and access, as the form offers them. */
  readonly kind: string;
  readonly access?: string;
  /** Has it running with the notebook's image, or says why it can't be had here. */
  readonly open: () => Promise<string | undefined>;
  /** Fills in what the kind asks for, with credentials that are somebody else's. */
  readonly fill: (sheet: Locator) => Promise<void>;
  /** What a check says of those. */
  readonly refusal: RegExp;
  /** Puts the right ones in their place. */
  readonly mend: (sheet: Locator) => Promise<void>;
  /** What a check tells of it then. */
  readonly fact: RegExp;
  /** What nobody is ever shown of the credentials. */
  readonly secret: () => Promise<string>;
  /** What the page shows of its events in a task's logs, where it tells of any. */
  readonly events?: readonly string[];
  /** Names of what the task with this key has there. */
  readonly left: (key: string) => Promise<string>;
}

const groups = ['stele-admins'];
const accounts = { ada: { email: 'ada@example.org', email_verified: true, name: 'Ada', groups } };
const settings = { allow: { everybody: true }, roles: { admin: groups } };

/** From a log-in at a provider to a kernel that computes far away, by hand alone. */
export function describeFarLine(far: FarResource): void {
  describe(`from a provider’s log-in to a notebook far away: ${far.id}`, function () {
    this.timeout(60_000);
    inOrder();
    let stage: OidcStage;
    let browser: Browser;
    let page: Page;
    let notebook: Page;
    let misdeeds: Misdeeds;

    before(async function () {
      this.timeout(1_800_000);
      const why = await far.open();
      if (why !== undefined) return skip(this, why);
      stage = await OidcStage.open(accounts, settings);
      browser = await launchBrowser();
      const opening = await openContext(browser, stage.platform.url, { viewport: { width: 1280, height: 900 } });
      misdeeds = opening.misdeeds;
      page = await opening.context.newPage();
      page.setDefaultTimeout(30_000 * timeFactor);
    });
    afterEach(async function () {
      const { state = '', title = '' } = this.currentTest ?? {};
      await picture([page, notebook], `far-${far.id}-${state}-${title.slice(0, 24).replaceAll(/\W+/g, '-')}`);
    });
    after(async () => {
      await browser?.close();
      await stage?.[Symbol.asyncDispose]();
    });

    const go = (place: string): Promise<void> => page.getByRole('link', { name: place, exact: true }).first().click();
    const task = (): Locator => page.getByRole('article', { name: 'My notebook' });

    it('logs in at the provider', async () => {
      await page.goto(stage.platform.url);
      await page.getByRole('button', { name: 'Log in with The institute' }).click();
      await page.getByLabel('Account').fill('ada');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('navigation', { name: 'Places' }).waitFor();
      await page.evaluate(() => Object.assign(globalThis, { isSameDocument: true }));
    });

    it('adds the resource by the form, and is told what is wrong with it', async () => {
      await go('Computing');
      await page.getByRole('link', { name: 'Add computing' }).first().click();
      const sheet = await overlay(page, 'Add computing');
      await sheet.getByRole('textbox', { name: 'Name', exact: true }).fill('Far');
      await sheet.getByLabel('Kind', { exact: true }).selectOption({ label: far.kind });
      if (far.access) await sheet.getByLabel('How it is reached', { exact: true }).selectOption({ label: far.access });
      await far.fill(sheet);
      await picture([page], `far-${far.id}-form`);
      assert.deepEqual(await violations(page), []);
      await sheet.getByRole('button', { name: 'Add', exact: true }).last().click();
      await (await overlay(page, 'Far')).getByText(far.refusal).first().waitFor();
    });

    it('mends it by the form, and is told what it offers', async () => {
      await (await overlay(page, 'Far')).getByRole('button', { name: 'Edit' }).click();
      const sheet = await overlay(page, 'Edit Far');
      await far.mend(sheet);
      await sheet.getByRole('button', { name: 'Save' }).click();
      const details = await overlay(page, 'Far');
      await details.getByText(far.fact).first().waitFor();
      await details.getByText('Working', { exact: true }).waitFor();
      assert.deepEqual(await violations(page), []);
      await page.keyboard.press('Escape');
    });

    it('launches a notebook there', async () => {
      await go('Software');
      await page.getByRole('button', { name: 'Add software' }).click();
      const form = await overlay(page, 'Add software');
      await form.getByRole('textbox', { name: 'Name' }).fill('Notebook');
      await form.getByLabel('Image', { exact: true }).fill('localhost/stele/jupyter-notebook:1');
      await form.getByRole('button', { name: 'Add it' }).click();
      await page.getByRole('article', { name: 'Notebook' }).getByRole('button', { name: 'Launch' }).click();
      const sheet = await overlay(page, 'Launch');
      await sheet.getByRole('radio', { name: /Far/ }).check();
      await sheet.getByLabel('Name of the task').fill('My notebook');
      await sheet.getByRole('button', { name: 'Launch' }).click();
      await statuses(task(), 'Ready', 50_000);
    });

    it('connects, and computes print(6*7)', async () => {
      const opening = page.context().waitForEvent('page');
      await task().getByRole('button', { name: 'Connect' }).click();
      notebook = await opening;
      notebook.setDefaultTimeout(30_000 * timeFactor);
      await notebook.waitForURL(/^http:\/\/[a-z0-9]{16}\.tasks\.localhost:\d+\/lab/);
      await openNotebook(notebook);
      assert.equal(await run(notebook, 'print(6*7)'), '42');
    });

    if (far.events !== undefined)
      it('tells with the log what happened to it', async () => {
        await page.bringToFront();
        await task().getByRole('link', { name: 'Logs' }).click();
        const sheet = await overlay(page, 'My notebook');
        for (const reason of far.events ?? []) await sheet.getByRole('listitem').filter({ hasText: reason }).waitFor();
        await sheet.getByRole('log').filter({ hasText: 'Jupyter' }).waitFor();
        await picture([page], `far-${far.id}-events`);
        assert.deepEqual(await violations(page), []);
        await page.keyboard.press('Escape');
      });

    it('stops it: nothing of it is left there', async () => {
      await page.bringToFront();
      const key = new URL(notebook.url()).hostname.split('.')[0] ?? '';
      assert.notEqual(await far.left(key), '', 'it was there');
      await task().getByRole('button', { name: 'Stop' }).click();
      await page.getByRole('button', { name: 'Stop it' }).click();
      await statuses(task(), 'Stopped', 45_000);
      await eventually('nothing is left', async () => (await far.left(key)) === '', 30_000);
    });

    it('did so without a reload or an error, and with a secret that stays one', async () => {
      assert.equal(await page.evaluate(() => 'isSameDocument' in globalThis), true);
      // Chromium writes down that nobody was logged in at first.
      demandNone({ ...misdeeds, errors: misdeeds.errors.filter((line) => !/ 401 .*\/session\)$/.test(line)) });
      const answer = await page.evaluate(async () => (await fetch('/api/v1/computing')).text());
      assert.equal((JSON.parse(answer) as { items: Computing[] }).items.length, 1);
      const log = await readFile(join(stage.platform.yard.data, 'stele.log'), 'utf8');
      const secret = await far.secret();
      assert(secret.length > 8);
      for (const words of [answer, log]) assert(!words.includes(secret));
    });
  });
}
