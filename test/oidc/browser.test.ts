import assert from 'node:assert/strict';
import type { Me, UserItem } from '@stele/sdk/api';
import type { Browser, Page } from 'playwright-core';
import { timeFactor } from '@stele/sdk/testing';
import { inOrder, launchBrowser, type Misdeeds, openContext, picture } from '../e2e/lib/index.ts';
import { violations } from '../e2e/page/axe.ts';
import { OidcStage } from './lib/stage.ts';

const person = (name: string) => ({ email: `${name}@example.org`, email_verified: true, name });
const accounts = { ada: person('Ada'), grace: person('Grace') };
const password = 'a long enough sentence';

describe('log-in with OpenID Connect in a browser', function () {
  this.timeout(60_000);
  inOrder();
  let stage: OidcStage;
  let browser: Browser;
  let page: Page;
  let misdeeds: Misdeeds;

  before(async () => {
    stage = await OidcStage.open(accounts);
    browser = await launchBrowser();
    const opening = await openContext(browser, stage.platform.url, { viewport: { width: 1280, height: 900 } });
    misdeeds = opening.misdeeds;
    page = await opening.context.newPage();
    page.setDefaultTimeout(30_000 * timeFactor);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await picture([page], 'failed-oidc');
  });
  after(async () => {
    await browser?.close();
    await stage?.[Symbol.asyncDispose]();
  });

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const isIn = (): Promise<void> => page.getByRole('navigation', { name: 'Places' }).waitFor();
  const me = (): Promise<Me> =>
    page.evaluate(async () => (await (await fetch('/api/v1/me')).json()) as Me) as Promise<Me>;
  const atProvider = async (account: string, { issuer } = stage.institute): Promise<void> => {
    await page.getByRole('heading', { name: 'The provider' }).waitFor();
    assert.equal(new URL(page.url()).origin, issuer);
    await page.getByLabel('Account').fill(account);
    await button('Sign in').click();
  };
  /** Of the page, and then of the provider, which asks whether that is meant. */
  const logOut = async (): Promise<void> => {
    await page.getByRole('button', { name: /, menu$/ }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.waitForURL(`${stage.institute.issuer}/session/end**`);
    await button('Yes, sign me out').click();
    await page.waitForURL(`${stage.platform.url}/`);
    await button('Log in with The institute').waitFor();
  };

  it('leads from the log-in page to the provider and back in', async () => {
    await page.goto(`${stage.platform.url}/account/profile`);
    await button('Log in with The institute').waitFor();
    await picture([page], 'oidc-log-in');
    assert.deepEqual(await violations(page), []);
    await button('Log in with The institute').click();
    await atProvider('ada');
    await isIn();
    assert.equal(page.url(), `${stage.platform.url}/account/profile`, 'where they were, and no code in the address');
    assert.equal((await me()).email, 'ada@example.org');
  });

  it('has no section for a password that can’t be set', async () => {
    await page.goto(`${stage.platform.url}/account/security`);
    await page.getByRole('heading', { name: 'Providers' }).waitFor();
    await page.getByText('Your account came with a provider, and keeps to it.').waitFor();
    assert.equal(await page.getByRole('heading', { name: 'Password' }).count(), 0);
    assert.equal(await button('Link Another house').count(), 0);
    assert.deepEqual(await violations(page), []);
  });

  it('logs out here and there, and in again as somebody else', async () => {
    await logOut();
    await button('Log in with The institute').click();
    await atProvider('ada');
    await isIn();
    await page.goto(`${stage.platform.url}/`);
    await isIn();
    assert.equal((await me()).email, 'ada@example.org');
    await logOut();
  });

  it('links an account that is there when its owner logs in to it', async () => {
    const admin = await stage.logIn();
    const grace = { email: 'grace@example.org', name: 'Grace', password };
    const { id } = await admin.must<UserItem>('POST', '/users', grace);
    await button('Log in with The institute').click();
    await atProvider('grace');
    await page.getByText(/There is an account with the address grace@example\.org here/).waitFor();
    assert.equal(await button('Log in with The institute').count(), 0, 'only what proves the account is offered');
    await picture([page], 'oidc-link');
    assert.deepEqual(await violations(page), []);
    await button('Don’t link, log in otherwise').click();
    await button('Log in with The institute').click();
    await page.getByText(/There is an account with the address grace@example\.org here/).waitFor();
    await page.getByRole('textbox', { name: 'E-mail' }).fill('grace@example.org');
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await button('Log in and link').click();
    await isIn();
    await page.getByText('It is linked: you can log in with either now.').waitFor();
    assert.equal((await me()).id, id);
    await page.context().clearCookies({ domain: 'localhost' });
    await page.goto(`${stage.platform.url}/`);
    await button('Log in with The institute').click();
    await isIn();
    assert.equal((await me()).id, id, 'the provider knew them still');
  });

  it('links another from the account page, and lets go of it', async () => {
    await page.goto(`${stage.platform.url}/account/security`);
    await button('Link Another house').click();
    await atProvider('grace', stage.other);
    await page.getByText('It is linked: you can log in with it now.').waitFor();
    assert.equal(page.url(), `${stage.platform.url}/account/security`);
    await button('Let go of Another house').click();
    await button('Let go').click();
    await page.getByText('“Another house” no longer lets you in here.').waitFor();
    await logOut();
  });

  it('says on the log-in page what a provider refuses, and what it can’t do', async () => {
    await button('Log in with The institute').click();
    await atProvider('a stranger');
    await page
      .getByText('“The institute” did not let you in, or you broke off. Begin again to try once more.')
      .waitFor();
    assert.equal(page.url(), `${stage.platform.url}/`);
    await page.goto(`${stage.platform.url}/login/institute?code=canary&state=canary&error_description=canary`);
    await page.getByText('This log-in was not begun in this browser, or too long ago. Begin it again.').waitFor();
    assert.equal(page.url(), `${stage.platform.url}/`);
    await stage.institute.stop();
    await stage.platform.stop();
    await stage.platform.start();
    await page.goto(`${stage.platform.url}/`);
    const words = '“The institute” does not answer at the moment. Try again later, or log in another way.';
    await page.getByText(words).waitFor();
    await picture([page], 'oidc-down');
    await button('Log in with The institute').click();
    await page.getByText(words).waitFor();
    await page.getByRole('textbox', { name: 'E-mail' }).fill('grace@example.org');
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await button('Log in').click();
    await isIn();
  });

  it('did so without an error that is not a refusal, and without a request to anybody else', () => {
    // Chromium writes down each answer that is none of 200.
    const errors = misdeeds.errors.filter((line) => !/Failed to load resource.*status of (401|403|409|503)/.test(line));
    assert.deepEqual(errors, []);
    assert.deepEqual(misdeeds.strangers, []);
  });
});
