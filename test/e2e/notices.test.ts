import assert from 'node:assert/strict';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { MailServer } from '../../core/server/src/notices/testing.ts';
import type { SiteFile } from '../../core/server/src/site/index.ts';
import { LedgerPlace } from '../replicas/lib/ledger-place.ts';
import { ApiClient, demandNone, eventually, launchBrowser, type Misdeeds, openContext, Platform } from './lib/index.ts';

describe('somebody who waits for a task', function () {
  this.timeout(60_000);
  const owned = new AsyncDisposableStack();
  let mail: MailServer;
  let platform: Platform;
  let admin: ApiClient;
  let ada: ApiClient;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let misdeeds: Misdeeds;

  before(async () => {
    mail = owned.use(await MailServer.open());
    const place = owned.use(await LedgerPlace.open());
    const site: SiteFile = {
      ...place.siteFile(),
      site: { name: 'Institute' },
      mail: { host: '127.0.0.1', port: mail.port, security: 'none', from: 'stele@example.org' },
    };
    platform = owned.use(await Platform.start({ site }));
    admin = await platform.logIn();
    await place.ledger.slow('submit', 1_500);
    const user = await admin.must<{ id: string }>('POST', '/users', { name: 'Ada', email: 'ada@example.org' });
    const link = async (): Promise<string> => (await admin.must<{ url: string }>('POST', `/users/${user.id}/link`)).url;
    ada = await ApiClient.logIn(platform.url, await link());
    browser = await launchBrowser();
    owned.defer(() => browser.close());
    ({ context, misdeeds } = await openContext(browser, platform.url));
    page = await context.newPage();
    await page.goto(await link());
    await page.getByRole('heading', { level: 1 }).waitFor();
  });
  after(() => owned.disposeAsync());

  const toast = (words: string) => page.getByRole('region', { name: 'Messages' }).getByText(words);

  it('asks for an e-mail at the launch, and gets it when the task starts', async () => {
    const { id } = await ada.software('Echo');
    await page.goto(`${platform.url}/software?launch=${id}`);
    await page.getByLabel('Name of the task').fill('Survey');
    await page.getByLabel('Tell me by e-mail when it starts').check();
    await page.getByRole('button', { name: 'Launch', exact: true }).last().click();
    await eventually('the e-mail is there', () => mail.received.length === 1, 15_000);
    const [task] = await ada.items<{ key: string; name: string }>('/tasks');
    const [letter] = mail.received;
    assert.deepEqual(letter?.to, ['ada@example.org']);
    const text = letter?.raw.replaceAll('=\r\n', '').replaceAll('=3D', '=') ?? '';
    assert.match(text, /^Subject: Survey has started on Place\r$/m);
    assert(text.includes(`${platform.url}/tasks?open=${task?.key}`), text);
    await toast('“Survey” has started on Place.').waitFor();
  });

  it('is told in the page on coming back, once', async () => {
    await page.close();
    const { id } = await ada.launch('Echo', { name: 'Night run', mailAtStart: true }, 'Place');
    await ada.ready(id);
    page = await context.newPage();
    await page.goto(`${platform.url}/software`);
    await toast('“Night run” has started on Place.').waitFor();
    await page.getByRole('region', { name: 'Messages' }).getByRole('button', { name: 'Show' }).click();
    await page.getByRole('dialog', { name: 'Night run' }).waitFor();
    await eventually('it counts as seen', async () => (await ada.items('/notices')).length === 0);
    await page.reload();
    await page.getByRole('heading', { name: 'Tasks', level: 1 }).waitFor();
    assert.equal(await toast('Night run').count(), 0);
    assert.equal(mail.received.length, 2);
  });

  it('is refused an e-mail that could reach nobody', async () => {
    const ids = { software: (await admin.software('Echo')).id, computing: (await admin.computing('Place')).id };
    const { status, body } = await admin.post<{ field: string }>('/tasks', { ...ids, mailAtStart: true });
    assert.deepEqual([status, body.field], [400, 'mailAtStart']);
    const options = await admin.must<{ mail: boolean }>('GET', `/computing/${ids.computing}/options`);
    assert.equal(options.mail, false);
  });

  it('gets no say in what others are told', async () => {
    // Nobody looks, so that it stays unseen.
    await page.goto('about:blank');
    const task = await ada.launch('Echo', { name: 'Third', mailAtStart: true }, 'Place');
    await ada.ready(task.id);
    const unseen = await ada.items<{ id: string }>('/notices');
    assert.equal(unseen.length, 1);
    assert.deepEqual(await admin.items('/notices'), []);
    const { status } = await admin.call('DELETE', `/notices/${unseen[0]?.id}`);
    assert.equal(status, 404);
    assert.deepEqual(await ada.items('/notices'), unseen);
    await page.goto(`${platform.url}/tasks`);
    await toast('“Third” has started on Place.').waitFor();
  });

  it('did no harm to the page', () => demandNone(misdeeds));
});
