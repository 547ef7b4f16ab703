import assert from 'node:assert/strict';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const program = process.env.STELE_CHROMIUM ?? '/usr/bin/chromium';
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

/** A fresh browser profile that writes down what its pages do wrong. */
export async function openContext(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ context: BrowserContext; misdeeds: Misdeeds }> {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...options });
  const misdeeds: Misdeeds = { errors: [], strangers: [] };
  context.on('page', (page) => watch(page, misdeeds));
  context.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    const isOurs = hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1';
    if (/^(https?|wss?):$/.test(protocol) && !isOurs) misdeeds.strangers.push(request.url());
  });
  return { context, misdeeds };
}

function watch(page: Page, { errors }: Misdeeds): void {
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
}

/** Fails when a page did what it must not. */
export function demandNone({ errors, strangers }: Misdeeds): void {
  assert.deepEqual(errors, [], 'the console shows no error');
  assert.deepEqual(strangers, [], 'nothing is asked of other hosts');
}
