import assert from 'node:assert/strict';
import type { ApiTokenCreated } from '@stele/sdk/api';
import type { Browser, Page } from 'playwright-core';
import { timeFactor } from '@stele/sdk/testing';
import { ApiClient, demandNone, launchBrowser, type Misdeeds, openContext, picture, Platform } from './lib/index.ts';

const password = 'a password nobody guesses';
const email = 'ada@example.org';

describe('somebody who changes their password', function () {
  this.timeout(60_000);
  const owned = new AsyncDisposableStack();
  let platform: Platform;
  let browser: Browser;
  let page: Page;
  let misdeeds: Misdeeds;
  let ada: ApiClient;

  before(async () => {
    platform = owned.use(await Platform.start({ site: {} }));
    const admin = await platform.logIn();
    const user = await admin.must<{ id: string }>('POST', '/users', { name: 'Ada', email, password });
    ada = await ApiClient.byPassword(platform.url, email, password);
    browser = await launchBrowser();
    owned.defer(() => browser.close());
    const opening = await openContext(browser, platform.url, { reducedMotion: 'reduce' });
    misdeeds = opening.misdeeds;
    page = await opening.context.newPage();
    page.setDefaultTimeout(20_000 * timeFactor);
    const { url } = await admin.must<{ url: string }>('POST', `/users/${user.id}/link`);
    await page.goto(url);
    await page.getByRole('heading', { level: 1 }).waitFor();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await picture([page], `failed-${this.currentTest.title}`);
  });
  after(() => owned.disposeAsync());

  const revoking = () => page.getByRole('checkbox', { name: 'Revoke my API tokens, too' });
  const open = async (): Promise<void> => {
    await page.goto(`${platform.url}/account/security`);
    await page.getByLabel('Password now').waitFor();
  };
  const change = async (current: string, next: string, and = async (): Promise<void> => undefined): Promise<void> => {
    await page.getByLabel('Password now').fill(current);
    await page.getByLabel('New password', { exact: true }).fill(next);
    await page.getByLabel('New password again').fill(next);
    await and();
    await page.getByRole('button', { name: 'Change password' }).click();
  };

  it('is not asked about API tokens without having any', async () => {
    await open();
    await page.getByText('Browsers in which you are logged in').waitFor();
    assert.equal(await revoking().count(), 0);
  });

  it('keeps API tokens, or revokes them, as they say', async () => {
    const { secret } = await ada.must<ApiTokenCreated>('POST', '/tokens', { name: 'a program' });
    const program = ApiClient.byToken(platform.url, secret);
    await open();
    await revoking().waitFor();
    await change(password, `${password}!`);
    await page.getByText('You are logged out everywhere else.').waitFor();
    assert.equal((await program.get('/me')).status, 200);
    await open();
    await change(`${password}!`, `${password}?`, () => revoking().check());
    await page.getByText('and your API tokens are revoked').waitFor();
    assert.equal((await program.get('/me')).status, 401);
    await revoking().waitFor({ state: 'detached' });
  });

  it('did so without an error', () => demandNone(misdeeds));
});
