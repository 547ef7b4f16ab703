import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RegistryItem, Task } from '@stele/sdk/api';
import { authFileText } from '@stele/sdk/oci';
import type { Page } from 'playwright-core';
import { timeFactor } from '@stele/sdk/testing';
import { registry } from '../engines/bed.ts';
import { CommandLines } from './lib/command-lines.ts';
import {
  ApiClient,
  demandNone,
  Engine,
  inOrder,
  launchBrowser,
  type Misdeeds,
  openContext,
  overlay,
  picture,
  Platform,
  type Problem,
  resources,
  siteWith,
  skip,
} from './lib/index.ts';

const run = promisify(execFile);
const secret = 'a password nobody guesses';
const canary = 'canary-p4ss';
const tag = randomBytes(4).toString('hex');

describe('an image of a registry that asks for a log-in', function () {
  this.timeout(60_000);
  inOrder();
  const owned = new AsyncDisposableStack();
  let guarded: Awaited<ReturnType<typeof registry>>;
  let engine: Engine;
  let platform: Platform;
  let admin: ApiClient;
  let ada: ApiClient;
  let bob: ApiClient;
  let page: Page;
  let misdeeds: Misdeeds;
  let image = '';

  before(async function () {
    this.timeout(600_000);
    const opened = await Engine.open('podman', 'web-echo');
    if (typeof opened === 'string') return skip(this, opened);
    engine = opened;
    guarded = await registry();
    image = `${guarded.address}/stele/private:${tag}`;
    const folder = owned.adopt(await mkdtemp(join(tmpdir(), 'stele-push-')), (path) => rm(path, { recursive: true }));
    const auth = join(folder, 'auth.json');
    await writeFile(auth, authFileText(guarded.address, guarded));
    await engine.run('push', '--quiet', '--tls-verify=false', '--authfile', auth, 'localhost/stele/web-echo:1', image);
    owned.defer(forget);
    const podman = { enabled: true, ...engine.settings, insecureRegistries: [guarded.address] };
    const site = siteWith(engine, {
      site: { userRegistries: [guarded.address] },
      plugins: { 'engine-podman': podman },
    });
    platform = owned.use(await Platform.start({ site, engine }));
    admin = await platform.logIn();
    [ada, bob] = [await somebody('ada'), await somebody('bob')];
    for (const client of [ada, bob])
      await client.must('POST', '/software', software(client === ada ? 'Ada’s' : 'Bob’s'));
  });
  after(() => owned.disposeAsync());
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await picture([page], `failed-${this.currentTest.title}`);
  });

  const somebody = async (name: string): Promise<ApiClient> => {
    await admin.must('POST', '/users', { name, email: `${name}@example.org`, password: secret });
    return ApiClient.byPassword(platform.url, `${name}@example.org`, secret);
  };
  const software = (name: string, more = {}) => {
    const [echo] = resources.software;
    return { ...echo, name, registry: guarded.address, image: 'stele/private', tag, ...more };
  };
  /** The engine knows it by this name no more: what is on a machine is given to everybody there. */
  const forget = async (): Promise<void> => void (await engine.run('rmi', '--ignore', image));
  const account = () => ({ registry: guarded.address, username: guarded.username });
  const refused = async (client: ApiClient, name: string): Promise<Task> => {
    const task = await client.ended((await client.launch(name)).id);
    assert.deepEqual([task.outcome, task.ready], ['rejected', false]);
    return task;
  };
  const runs = async (client: ApiClient, name: string): Promise<void> => {
    await client.ready((await client.launch(name)).id);
    await forget();
  };
  const asked = (words: string) =>
    new RegExp(`refuses the image.* ${guarded.address.replaceAll('.', '\\.')} was asked ${words}`);

  it('is not fetched without, and the task says which registry that was', async () => {
    assert.match((await refused(ada, 'Ada’s')).reason ?? '', asked('without credentials'));
  });

  const bad: readonly (readonly [what: string, body: object, field: string])[] = [
    ['no registry', { registry: '' }, 'registry'],
    ['a URL', { registry: 'https://r.example' }, 'registry'],
    ['a path', { registry: 'r.example/ada' }, 'registry'],
    ['a line break', { registry: 'r.example\n' }, 'registry'],
    ['a port that is none', { registry: 'r.example:70000' }, 'registry'],
    ['no user name', { username: '' }, 'username'],
    ['a colon in the user name', { username: 'a:b' }, 'username'],
    ['a NUL', { username: 'a\0' }, 'username'],
    ['no password', { password: '' }, 'password'],
    ['a password of two lines', { password: `${canary}\n${canary}` }, 'password'],
    ['a password that is endless', { password: canary.repeat(1000) }, 'password'],
    ['a password that is a number', { password: 1 }, 'password'],
    ['something unknown', { realm: canary }, 'realm'],
    ['the platform’s, by a user', { owner: { kind: 'platform' } }, 'owner'],
    ['a user’s, shared', { shared: true }, 'shared'],
  ];
  for (const [what, body, field] of bad) {
    it(`takes no credentials with ${what}, and repeats nothing`, async () => {
      const wish = { registry: 'r.example', username: 'ada', password: canary, ...body };
      const answer = await ada.post<Problem>('/registries', wish);
      assert.equal(answer.body.field, field, JSON.stringify(answer.body));
      assert.deepEqual(answer.body.code, field === 'owner' ? 'DENIED' : 'INVALID');
      assert(!JSON.stringify(answer.body).includes(canary));
      assert.deepEqual(await ada.items('/registries'), []);
    });
  }

  it('is refused with wrong ones that Ada has entered in the page', async () => {
    const browser = await launchBrowser();
    owned.defer(() => browser.close());
    const opening = await openContext(browser, platform.url, { reducedMotion: 'reduce' });
    misdeeds = opening.misdeeds;
    page = await opening.context.newPage();
    page.setDefaultTimeout(20_000 * timeFactor);
    const { id } = await ada.must<{ id: string }>('GET', '/me');
    await page.goto((await admin.must<{ url: string }>('POST', `/users/${id}/link`)).url);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.goto(`${platform.url}/account/registries`);
    await page.getByText('No registries').waitFor();
    await page.getByRole('button', { name: 'Add registry' }).click();
    const form = await overlay(page, 'Add a registry');
    await form.getByRole('textbox', { name: 'Registry' }).fill(guarded.address);
    await form.getByLabel('User name').fill(guarded.username);
    await form.getByLabel('Password or token').fill(canary);
    await form.getByRole('button', { name: 'Add registry' }).click();
    await page.getByRole('heading', { name: guarded.address, level: 3 }).waitFor();
    const task = await refused(ada, 'Ada’s');
    assert.match(task.reason ?? '', asked('with the credentials that you entered on the account page'));
    assert(!JSON.stringify(task).includes(canary));
  });

  it('runs for Ada when she has replaced them', async () => {
    using lines = CommandLines.sample(2);
    await page.getByRole('button', { name: /^Replace/ }).click();
    const form = await overlay(page, `Account at ${guarded.address}`);
    await form.getByLabel('Password or token').fill(guarded.password);
    await form.getByRole('button', { name: 'Replace' }).click();
    await page.getByText('is replaced').waitFor();
    await runs(ada, 'Ada’s');
    // Other tests push to this registry meanwhile, and have to name it.
    const seen = lines.end(guarded.password, basic(guarded));
    assert.deepEqual(
      seen.filter((line) => !line.includes('push')),
      [],
    );
    assert.deepEqual((await ada.post<Problem>('/registries', { ...account(), password: 'p' })).body.code, 'CONFLICT');
  });

  it('is Ada’s alone', async () => {
    assert.match((await refused(bob, 'Bob’s')).reason ?? '', asked('without credentials'));
    const [mine] = await ada.items<RegistryItem>('/registries');
    assert.deepEqual([await bob.items('/registries'), await admin.items('/registries')], [[], []]);
    for (const client of [bob, admin]) {
      assert.equal((await client.delete<Problem>(`/registries/${mine?.id}`)).body.code, 'NOT_FOUND');
    }
  });

  it('of the platform’s software runs for everybody with the platform’s, and theirs does not', async () => {
    const owner = { kind: 'platform' };
    const { password } = guarded;
    await admin.must('POST', '/registries', { ...account(), password: 'wrong', owner });
    await admin.must('POST', '/software', { ...software('Everybody’s'), owner });
    assert.match((await refused(bob, 'Everybody’s')).reason ?? '', asked('with the platform’s credentials'));
    const [theirs] = await admin.items<RegistryItem>('/registries');
    await admin.must('PATCH', `/registries/${theirs?.id}`, { password });
    await runs(bob, 'Everybody’s');
    await refused(bob, 'Bob’s');
    await admin.must('PATCH', `/registries/${theirs?.id}`, { shared: true });
    await runs(bob, 'Bob’s');
    const [seen] = await bob.items<RegistryItem>('/registries');
    assert.deepEqual([seen?.owner.kind, seen?.shared, seen?.username], ['platform', true, undefined]);
    assert.equal((await bob.patch<Problem>(`/registries/${seen?.id}`, { password: 'p' })).body.code, 'DENIED');
  });

  it('is forgotten in the page', async () => {
    await page.reload();
    await page.getByRole('button', { name: /^Remove .* for: What I launch$/ }).click();
    await (
      await overlay(page, `Remove the account at ${guarded.address}?`)
    )
      .getByRole('button', { name: 'Remove' })
      .click();
    await page.getByText('What I launch', { exact: true }).waitFor({ state: 'detached' });
    assert.deepEqual(
      (await ada.items<RegistryItem>('/registries')).map(({ owner }) => owner.kind),
      ['platform'],
    );
    demandNone(misdeeds);
  });

  it('left the password nowhere on disk, in no log and in no description', async () => {
    const { password } = guarded;
    assert.deepEqual(await filesWith(platform.yard.path, password, basic(guarded)), []);
    const known = await filesWith(platform.yard.path, guarded.address);
    assert(
      known.some((file) => file.includes('postgres')),
      `the database is among what was looked at: ${known.join()}`,
    );
    assert(!platform.said.includes(password));
    const described = await ada.must<{ paths: Record<string, object> }>('GET', '/openapi.json');
    assert(described.paths['/registries'] ?? described.paths['/api/v1/registries'], 'it is in the description');
  });
});

/** Files below a folder, and below what it links to, that hold one of these texts. */
async function filesWith(folder: string, ...texts: string[]): Promise<string[]> {
  const patterns = texts.flatMap((text) => ['-e', text]);
  const { stdout } = await run('grep', ['-RslaF', ...patterns, folder]).catch((error: { stdout: string }) => error);
  return stdout.split('\n').filter((line) => line !== '');
}

/** As it travels in HTTP’s basic log-in, and lies in the file that the engine reads. */
function basic({ username, password }: { readonly username: string; readonly password: string }): string {
  return Buffer.from(`${username}:${password}`).toString('base64');
}
