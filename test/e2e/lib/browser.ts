import assert from 'node:assert/strict';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import { timeFactor } from '@stele/sdk/testing';
import type { ApiClient } from './api.ts';

const program = fileURLToPath(new URL('chromium', import.meta.url));
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: program, args: flags });
}

/** What a page must not do. */
export interface Misdeeds {
  /** Errors on its console, and exceptions that nobody caught. */
  readonly errors: string[];
  /** Requests to anywhere but this machine. */
  readonly strangers: string[];
}

/** A fresh browser profile that writes down what pages of `origin` do wrong; tasks' pages are their own affair. */
export async function openContext(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<{ context: BrowserContext; misdeeds: Misdeeds }> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...options });
  const misdeeds: Misdeeds = { errors: [], strangers: [] };
  context.on('page', (page) => watch(page, origin, misdeeds));
  return { context, misdeeds };
}

/** A page of a fresh browser profile, in which whom `api` speaks for is logged in. */
export async function openPage(
  browser: Browser,
  api: ApiClient,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; misdeeds: Misdeeds }> {
  const { context, misdeeds } = await openContext(browser, api.origin, options);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000 * timeFactor);
  await page.goto(await api.logInLink());
  await page.getByRole('navigation', { name: 'Places' }).waitFor();
  return { page, misdeeds };
}

function watch(page: Page, origin: string, { errors, strangers }: Misdeeds): void {
  const isOurs = (): boolean => page.url().startsWith(`${origin}/`);
  page.on('console', (message) => {
    if (isOurs() && message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => isOurs() && errors.push(error.stack ?? error.message));
  page.on('request', (request) => {
    const url = new URL(request.url());
    const isForeign = /^(https?|wss?):$/.test(url.protocol) && url.origin !== origin;
    if (isOurs() && isForeign && !request.isNavigationRequest()) strangers.push(request.url());
  });
}

/** Fails when a page did what it must not. */
export function demandNone({ errors, strangers }: Misdeeds): void {
  assert.deepEqual(errors, [], 'the console shows no error');
  assert.deepEqual(strangers, [], 'nothing is asked of other hosts');
}

/** An open sheet or dialog by its name: what is in it. Its parts are beside the `dialog` element, not below it. */
export async function overlay(page: Page, name: string): Promise<Locator> {
  await page.getByRole('dialog', { name, exact: true }).waitFor();
  return page.locator(`:is(stele-sheet, stele-dialog)[label=${JSON.stringify(name)}]`);
}

/** Saves what pages show, where `STELE_SCREENSHOTS` names a folder. */
export async function picture(pages: readonly (Page | undefined)[], name: string): Promise<void> {
  const folder = process.env.STELE_SCREENSHOTS;
  if (folder === undefined) return;
  for (const [at, page] of pages.entries()) {
    const path = join(folder, `${name}${at === 0 ? '' : `-${at}`}.png`);
    if (page !== undefined && !page.isClosed()) await page.screenshot({ path });
  }
}
