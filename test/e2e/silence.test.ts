import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { timeFactor } from '@stele/sdk/testing';
import type { Ledger } from '../replicas/lib/ledger.ts';
import { LedgerPlace } from '../replicas/lib/ledger-place.ts';
import { type ApiClient, demandNone, launchBrowser, type Misdeeds, openPage, Platform } from './lib/index.ts';

const crowd = 12;

describe('a resource that does not answer', function () {
  this.timeout(90_000);
  const owned = new AsyncDisposableStack();
  let ledger: Ledger;
  let platform: Platform;
  let api: ApiClient;
  let browser: Browser;
  let page: Page;
  let misdeeds: Misdeeds;

  before(async () => {
    const place = owned.use(await LedgerPlace.open());
    ({ ledger } = place);
    platform = owned.use(await Platform.start({ site: place.siteFile() }));
    api = await platform.logIn();
    browser = await launchBrowser();
    owned.defer(() => browser.close());
    ({ page, misdeeds } = await openPage(browser, api));
  });
  after(() => owned.disposeAsync());

  const go = (path: string): Promise<unknown> => page.goto(`${platform.url}${path}`);
  const task = () => page.getByRole('article', { name: 'Survey' });

  it('is said so on the cards of its tasks and on its own, with the state that was last known', async () => {
    const { id } = await api.launch('Echo', { name: 'Survey' }, 'Place');
    await api.ready(id);
    await go('/tasks');
    await task().getByText('Ready').waitFor();
    await ledger.silence(true);
    await task()
      .getByText('Place is not answering since')
      .waitFor({ timeout: 20_000 * timeFactor });
    await task().getByText('This is how it was then.').waitFor();
    assert.equal(await task().getByText('Ready').count(), 1, 'the last known state went');
    assert.equal((await api.task(id)).phase, 'running');
    await go('/computing');
    const card = page.getByRole('article').filter({ hasText: 'Place' });
    await card.getByText('Not answering').waitFor();
    await card.getByText('since').waitFor();
    await card.getByText('The ledger does not answer.').waitFor();
  });

  it('is asked ever more rarely, however many people want something of it', async () => {
    const tasks = await Promise.all(Array.from({ length: crowd }, () => api.launch('Echo', {}, 'Place')));
    await sleep(6_000);
    const before = await calls();
    for (let n = 0; n < 20; n += 1) {
      await api.must('POST', `/tasks/${tasks[n % crowd]?.id}/stop`);
      await sleep(500);
    }
    const asked = (await calls()) - before;
    assert(asked <= 4, `${asked} calls within ten seconds`);
  });

  it('is given one thing to do when it may be back, then the rest; the page follows by itself', async () => {
    await go('/tasks');
    await task().getByText('Place is not answering since').waitFor();
    await ledger.silence(false);
    await task()
      .getByText('not answering')
      .waitFor({ state: 'detached', timeout: 40_000 * timeFactor });
    assert.equal(await page.getByText('not answering').count(), 0);
    const tasks = await api.items<{ id: string; phase: string }>('/tasks');
    const waiting = tasks.filter(({ phase }) => phase !== 'ended');
    await Promise.all(waiting.map(({ id }) => api.until(id, 'submitted', ({ phase }) => phase !== 'submitting')));
    await ledger.demandNoDoubles();
  });

  it('did no harm to the page', () => {
    demandNone(misdeeds);
  });

  /** How often the resource was asked for anything. */
  const calls = async (): Promise<number> => (await ledger.lines()).filter(({ what }) => what !== 'began').length;
});
