import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { CheckResult, FileItem, FileList, OwnCredentialItem, Storage } from '@stele/sdk/api';
import type { Browser, Page } from 'playwright-core';
import { bringStore, certificate, endpoint, Store } from '../storage/s3-world.ts';
import {
  type ApiClient,
  demandNone,
  eventually,
  inOrder,
  launchBrowser,
  type Misdeeds,
  openPage,
  overlay,
  picture,
  Platform,
  type Problem,
  skip,
} from './lib/index.ts';

const secret = 'a-secret-that-nobody-shows';
const plugins = { 'storage-s3': { enabled: true, endpoints: [new URL(endpoint).host] } };
const place = (bucket: string) => ({ endpoint, bucket, ca: certificate() });

describe('buckets in the platform', function () {
  this.timeout(60_000);
  inOrder();
  const owned = new AsyncDisposableStack();
  let store: Store;
  let bucket: string;
  let platform: Platform;
  let api: ApiClient;
  let at: string;

  before(async function () {
    this.timeout(300_000);
    const reason = await bringStore();
    if (reason !== undefined) return skip(this, reason);
    store = owned.use(new Store());
    bucket = await store.makeBucket();
    await store.put(bucket, 'survey/notes.txt', 'from the store');
    const declared = {
      ...{ name: 'Declared', backend: 's3', access: 'api', auth: 'platform-token', conf: place(bucket) },
      credentials: { accessKeyId: 'KEY', secretAccessKey: { env: 'BUCKET_SECRET' } },
    };
    const site = { plugins, resources: { computing: [], software: [], storages: [declared] } };
    platform = owned.use(await Platform.start({ site, environment: { BUCKET_SECRET: secret } }));
    api = await platform.logIn();
  });
  after(async () => {
    await owned.disposeAsync();
  });

  const put = async (path: string, body: string, query = ''): Promise<Response> =>
    api.fetch(`${at}/content?path=${encodeURIComponent(path)}${query}`, { method: 'PUT', body });
  const read = async (path: string, range?: string): Promise<Response> =>
    api.fetch(`${at}/content?path=${encodeURIComponent(path)}`, range ? { headers: { Range: range } } : {});
  const list = (path: string): Promise<FileList> => api.must('GET', `${at}/files?path=${encodeURIComponent(path)}`);

  describe('by the API', () => {
    it('open with a secret that the site file leaves to the environment', async () => {
      const storage = await api.storage('Declared');
      at = `/storages/${storage.id}`;
      assert.deepEqual(await api.must<CheckResult>('POST', `${at}/check`), { ok: true, facts: [] });
      const { entry, items, total } = await list('survey');
      assert.deepEqual([entry.kind, items.map(({ name }) => name), total], ['folder', ['notes.txt'], 1]);
    });

    it('take files and give them back, whole or in part', async () => {
      assert.equal((await put('survey/new.txt', '0123456789')).status, 201);
      assert.equal((await put('survey/new.txt', 'x')).status, 409, 'nothing is replaced unasked');
      assert.equal((await put('survey/new.txt', 'abcdefghij', '&overwrite=true')).status, 201);
      const part = await read('survey/new.txt', 'bytes=2-4');
      assert.deepEqual(
        [part.status, part.headers.get('Content-Range'), await part.text()],
        [206, 'bytes 2-4/10', 'cde'],
      );
      assert.equal(await (await read('survey/notes.txt')).text(), 'from the store');
    });

    it('have folders that are made, moved, copied and removed', async () => {
      const operate = (body: object) => api.must<{ entry?: FileItem }>('POST', `${at}/operations`, body);
      await operate({ op: 'mkdir', path: 'empty' });
      assert.deepEqual((await list('empty')).items, []);
      await operate({ op: 'copy', from: 'survey', to: 'twin' });
      await operate({ op: 'move', from: 'twin', to: 'empty/moved' });
      assert.deepEqual(
        (await list('empty/moved')).items.map(({ name }) => name),
        ['new.txt', 'notes.txt'],
      );
      await operate({ op: 'remove', path: 'empty' });
      assert.deepEqual(await store.keys(bucket), ['survey/new.txt', 'survey/notes.txt']);
    });

    it('keep nothing of an upload that is cut', async () => {
      const size = 64 * 1024 ** 2;
      const headers = { ...api.headers, 'Content-Length': size };
      const upload = request(`${platform.url}/api/v1${at}/content?path=cut.bin`, { method: 'PUT', headers });
      upload.on('error', () => undefined);
      for (let sent = 0; sent < size / 2; sent += 1024 ** 2) {
        if (!upload.write(Buffer.alloc(1024 ** 2))) await once(upload, 'drain');
      }
      await eventually('parts are on their way', async () => (await store.uploads(bucket)) === 1);
      upload.destroy();
      await eventually('they are gone', async () => (await store.uploads(bucket)) === 0);
      assert(!(await store.keys(bucket)).includes('cut.bin'));
    });

    it('say what is wrong with their settings', async () => {
      const make = (conf: object) =>
        api.must<Storage>('POST', '/storages', {
          ...{ name: 'Wrong', backend: 's3', access: 'api', auth: 'platform-token', conf },
          credentials: { accessKeyId: 'KEY', secretAccessKey: secret },
          owner: { kind: 'platform' },
        });
      for (const [conf, field, words] of [
        [{ ...place('gone-bucket') }, 'conf.bucket', /no bucket/],
        [{ endpoint, bucket }, 'conf.ca', /TLS/],
        [{ ...place(bucket), endpoint: 'https://localhost:1' }, undefined, /TCP/],
      ] as const) {
        const { id } = await make(conf);
        const result = await api.must<CheckResult>('POST', `/storages/${id}/check`);
        assert.deepEqual([result.ok, result.field], [false, field]);
        assert.match(result.reason ?? '', words);
        await api.delete(`/storages/${id}`);
      }
    });
  });

  describe('in the page', () => {
    let browser: Browser;
    let page: Page;
    let misdeeds: Misdeeds;

    before(async () => {
      browser = await launchBrowser();
      ({ page, misdeeds } = await openPage(browser, api, { viewport: { width: 1280, height: 900 } }));
    });
    afterEach(async function () {
      if (this.currentTest?.state === 'failed') await picture([page], `failed-s3-${this.currentTest.title}`);
    });
    after(() => browser?.close());

    const files = () => page.getByRole('grid', { name: /^Files in/ });

    it('are added by the form, whose secrets are kept and not shown', async () => {
      await page.goto(`${platform.url}/storage?edit=new`);
      const sheet = await overlay(page, 'Add storage');
      await sheet.getByRole('textbox', { name: 'Name' }).fill('Bucket');
      await sheet.getByLabel('Kind').selectOption({ label: 'Bucket of an object store (S3)' });
      await sheet
        .getByLabel('Credentials', { exact: true })
        .selectOption({ label: 'Token or key pair of the platform' });
      await sheet.getByLabel('Endpoint').fill(endpoint);
      await sheet.getByLabel('Bucket', { exact: true }).fill(bucket);
      await sheet.locator('summary').first().click();
      await sheet.getByLabel('Certificate authority').fill(certificate());
      await sheet.getByLabel('Access key').fill('KEY');
      await sheet.getByLabel('Secret key').fill(secret);
      await sheet.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByText('“Bucket” opens.').waitFor();
      await files().getByText('survey').waitFor();
      const { id } = await api.storage('Bucket');
      await page.goto(`${platform.url}/storage/${id}?edit=${id}`);
      const edit = await overlay(page, 'Edit Bucket');
      const field = edit.getByLabel('Secret key');
      assert.deepEqual(
        [await field.inputValue(), await field.getAttribute('placeholder')],
        ['', 'Set. Leave empty to keep it'],
      );
      await field.scrollIntoViewIfNeeded();
      await picture([page], 's3-edit');
      await edit.getByRole('textbox', { name: 'Name' }).fill('Renamed');
      await edit.getByRole('button', { name: 'Save' }).click();
      await page.getByText('“Renamed” opens.').waitFor();
    });

    it('take an upload, show it, and give it back', async () => {
      const { id } = await api.storage('Renamed');
      await page.goto(`${platform.url}/storage/${id}/survey`);
      await files().getByText('notes.txt').waitFor();
      const choosing = page.waitForEvent('filechooser');
      await page
        .getByRole('button', { name: /^Upload/ })
        .first()
        .click();
      const item = page.getByRole('menuitem', { name: /files/i });
      await (await Promise.race([choosing.then(() => undefined), item.waitFor().then(() => item)]))?.click();
      const buffer = Buffer.from('up from the page');
      await (await choosing).setFiles({ name: 'page.txt', mimeType: 'text/plain', buffer });
      await files().getByText('page.txt').waitFor();
      assert((await store.keys(bucket)).includes('survey/page.txt'));
      at = `/storages/${id}`;
      assert.equal(await (await read('survey/page.txt')).text(), 'up from the page');
    });

    it('of users’ own keys open when those are entered on the account page', async () => {
      const wish = { name: 'With my keys', backend: 's3', access: 'api', auth: 'user-token', conf: place(bucket) };
      const { id } = await api.must<Storage>('POST', '/storages', { ...wish, owner: { kind: 'platform' } });
      const refused = await api.get<Problem>(`/storages/${id}/files`);
      assert.deepEqual([refused.status, refused.body.code], [403, 'DENIED']);
      assert.match(refused.body.detail, /account page/);
      await page.goto(`${platform.url}/account/credentials`);
      await page.getByRole('button', { name: 'Enter credentials for With my keys' }).click();
      const dialog = await overlay(page, 'Credentials for With my keys');
      await dialog.getByLabel('Access key').fill('MY-KEY');
      await dialog.getByLabel('Secret key').fill(secret);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await page.getByText('You get in.').waitFor();
      await picture([page], 's3-credentials');
      const [item] = (await api.items<OwnCredentialItem>('/credentials')).filter((one) => one.id === id);
      assert.deepEqual(
        [item?.state, item?.values, item?.secrets],
        ['set', { accessKeyId: 'MY-KEY' }, ['secretAccessKey']],
      );
      at = `/storages/${id}`;
      assert.equal((await list('survey')).total, 3);
    });

    it('show a large folder from its first page on, and say so', async () => {
      const wish = { name: 'Large', backend: 's3', access: 'api', auth: 'platform-token', conf: place('large') };
      const credentials = { accessKeyId: 'KEY', secretAccessKey: secret };
      const { id } = await api.must<Storage>('POST', '/storages', { ...wish, credentials });
      await page.goto(`${platform.url}/storage/${id}/many`);
      await files().getByText('000007').waitFor();
      await page.getByText(/entries of a large folder/).waitFor();
      await picture([page], 's3-large');
    });

    it('say so in the page when the bucket is gone', async () => {
      const { id } = await api.storage('Renamed');
      await store.removeBucket(bucket);
      await page.goto(`${platform.url}/storage/${id}`);
      await page.getByText(`There is no bucket “${bucket}”`).first().waitFor();
      demandNone({ ...misdeeds, errors: misdeeds.errors.filter((line) => !/status of 404/.test(line)) });
    });
  });

  describe('afterwards', () => {
    it('have their secrets in no answer and no log', async () => {
      const answers = await Promise.all(['/storages', '/credentials', '/kinds'].map((path) => api.fetch(`${path}`)));
      const said = [...(await Promise.all(answers.map((answer) => answer.text()))), platform.said];
      const log = await readFile(`${platform.yard.data}/stele.log`, 'utf8');
      assert(log.length > 0);
      for (const words of [...said, log]) assert(!words.includes(secret));
    });
  });
});
