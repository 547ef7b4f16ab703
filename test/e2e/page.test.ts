import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import {
  type ApiClient,
  demandNone,
  Engine,
  launchBrowser,
  type Misdeeds,
  openContext,
  openPage,
  picture,
  Platform,
  root,
  siteWith,
  skip,
} from './lib/index.ts';
import { violations } from './page/axe.ts';
import { pictures, wrongInLooks } from './page/looks.ts';
import { populate, type Populated, populateMore } from './page/population.ts';
import { empty, fullPanels, panels, parts, type Scene } from './page/scenes.ts';

/** Plugins that only these tests have. */
const pluginFolders = { site: [join(root, 'test/e2e/fixtures/plugins')] };
/** Chromium's own line for the launch form asking a computing that is not set up, as two here are. */
const refusal = /^Failed to load resource: .* status of (400|403) .*\/computing\/[^/]+\/options\?/;
const firstPageLimit = 150_000;

describe('the page', function () {
  this.timeout(60_000);
  let platform: Platform;
  let api: ApiClient;
  let browser: Browser;
  let page: Page;
  let misdeeds: Misdeeds;
  let populated: Populated;

  before(async function () {
    this.timeout(600_000);
    const engine = await Engine.open('podman', 'web-echo');
    if (typeof engine === 'string') return skip(this, engine);
    if (pictures !== undefined) await mkdir(pictures, { recursive: true });
    platform = await Platform.start({ site: siteWith(engine, { resources: {}, pluginFolders }), engine });
    api = await platform.logIn();
    browser = await launchBrowser();
    ({ page, misdeeds } = await openPage(browser, api, { reducedMotion: 'reduce' }));
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await picture([page], `failed-${this.currentTest.title}`);
  });

  after(async () => {
    await browser?.close();
    await platform?.[Symbol.asyncDispose]();
  });

  const show = (scene: Scene, level: string): Promise<void> => showIn(page, platform.url, scene, level);

  it('greets a stranger', async () => {
    const { context } = await openContext(browser, platform.url, { reducedMotion: 'reduce' });
    const logIn: Scene = { name: 'log-in', path: '/', sign: (there) => there.getByLabel('E-mail').waitFor() };
    await showIn(await context.newPage(), platform.url, logIn, '0');
    await context.close();
  });

  it('loads less than 150 kB of JavaScript', async () => {
    const opening = await openContext(browser, platform.url);
    const first = await opening.context.newPage();
    const loaded = watchScripts(first);
    await first.goto(await api.logInLink());
    await first.getByRole('heading', { level: 1 }).waitFor();
    await first.waitForLoadState('networkidle');
    const { total, lines } = await loaded();
    demandNone(opening.misdeeds);
    await opening.context.close();
    assert(total > 10_000 && total <= firstPageLimit, `${total} bytes:\n${lines.join('\n')}`);
  });

  it('is looked at by an axe that cuts', async () => {
    await page.evaluate(() => document.querySelector('stele-shell')?.shadowRoot?.append(document.createElement('img')));
    assert.match((await violations(page)).join(), /image-alt at .*img/);
  });

  describe('with nothing in it', () => {
    for (const scene of empty) it(`shows ${scene.name}`, () => show(scene, '0'));
  });

  describe('with one of everything', () => {
    before(async () => {
      populated = await populate(api, await platform.yard.folder('files'));
    });
    for (const scene of panels) it(`shows ${scene.name}`, () => show(scene, '1'));
  });

  describe('with much in it', () => {
    before(async () => {
      populated ??= await populate(api, await platform.yard.folder('files'));
      await populateMore(api, populated);
    });
    const ids = { software: '', guarded: '', computing: '', unconfirmed: '', storage: '', running: '', failed: '' };
    const scenes = (of: Populated): readonly Scene[] => [...fullPanels(of), ...parts(of)];
    for (const [at, { name }] of scenes(ids).entries()) {
      it(`shows ${name}`, () => show(scenes(populated)[at] ?? assert.fail(), 'many'));
    }
  });

  describe('after all that', () => {
    it('has a menu of the account that hears the first press, and stays where it is when the page scrolls', async () => {
      await page.route(/\/dropdown[^/]*\.js$/, async (route) => {
        await sleep(200);
        await route.continue();
      });
      await page.reload();
      await page.getByRole('button', { name: /, menu$/ }).click();
      const item = page.getByRole('menuitem', { name: 'Log out' });
      await item.hover();
      // Looked at before any script hears of the scroll.
      const [before, after] = await item.evaluate((element) => {
        document.documentElement.style.minBlockSize = '200vh';
        const [from, start] = [element.getBoundingClientRect().top, scrollY];
        scrollTo(0, start === 0 ? 100 : 0);
        return [
          [from, true],
          [element.getBoundingClientRect().top, scrollY !== start],
        ] as const;
      });
      assert.deepEqual(after, before);
      await page.keyboard.press('Escape');
    });

    it('has logs that are read again when they are cut', async () => {
      const words = await page.evaluate(async () => {
        const log = Object.assign(document.createElement('stele-log'), { source: cutOnce() });
        document.body.append(log);
        const box = (): string => log.shadowRoot?.querySelector('pre')?.textContent ?? '';
        while (!box().includes('two')) await new Promise(requestAnimationFrame);
        log.remove();
        return box();

        function cutOnce(): () => AsyncGenerator<string> {
          let count = 0;
          return async function* () {
            yield 'one\n';
            if (count++ === 0) throw new Error('cut');
            yield 'two\n';
          };
        }
      });
      assert.equal(words, 'one\ntwo');
    });

    it('has written no error and asked nobody else', () => {
      const { errors, strangers } = misdeeds;
      demandNone({ errors: errors.filter((line) => !refusal.test(line)), strangers });
    });
  });
});

/** Shows a scene in every look. */
async function showIn(page: Page, origin: string, scene: Scene, level: string): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${origin}${scene.path}`);
  await scene.sign(page);
  assert.deepEqual(await wrongInLooks(page, `${scene.name}-${level}`), []);
}

/** Counts the JavaScript that a page loads, as it comes over the wire. */
function watchScripts(page: Page): () => Promise<{ total: number; lines: string[] }> {
  const sizes: Promise<readonly [string, number]>[] = [];
  page.on('requestfinished', (request) => {
    if (request.resourceType() !== 'script') return;
    sizes.push(request.sizes().then(({ responseBodySize }) => [new URL(request.url()).pathname, responseBodySize]));
  });
  return async () => {
    const all = await Promise.all(sizes);
    return { total: all.reduce((sum, [, size]) => sum + size, 0), lines: all.map(([path, size]) => `${size} ${path}`) };
  };
}
