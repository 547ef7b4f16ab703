import assert from 'node:assert/strict';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { Engine, eventually, type ImageName, inOrder, launchBrowser, picture } from '../e2e/lib/index.ts';
import { Container, password, user } from './container.ts';

/** The others are this one with other windows; they are built and looked at where STELE_TEST_IMAGES=all. */
const desktops: readonly ImageName[] =
  process.env.STELE_TEST_IMAGES === 'all'
    ? ['minimal-desktop', 'gui-application', 'basic-desktop']
    : ['minimal-desktop'];

for (const image of desktops) {
  describe(`image ${image}`, function () {
    this.timeout(60_000);
    inOrder();
    let container: Container;
    let browser: Browser;
    let page: Page;
    const url = (): string => `http://127.0.0.1:${container.port}/`;

    before(async function () {
      this.timeout(600_000);
      container = await Container.start(await Engine.openPodmanBed(image), image, 8593);
      browser = await launchBrowser();
      const context = await browser.newContext({
        viewport: { width: 1000, height: 700 },
        httpCredentials: { username: user, password },
      });
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      page = await context.newPage();
    });

    afterEach(async function () {
      await picture([page], `${image}-${this.currentTest?.state ?? ''}`);
    });

    after(async () => {
      await browser?.close();
      await container?.[Symbol.asyncDispose]();
    });

    it('lets nobody in without the password, to the page or to the stream', async () => {
      await eventually('it answers', async () => (await statusOf(url())) === 401, 30_000);
      const wrong = `Basic ${Buffer.from(`${user}:wrong`).toString('base64')}`;
      assert.equal(await statusOf(url(), { Authorization: wrong }), 401);
      assert.equal(await statusOf(`${url()}app/ui.js`), 401);
      const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
      assert.equal(
        await statusOf(`${url()}websockify`, { ...upgrade, 'Sec-WebSocket-Key': 'AAAAAAAAAAAAAAAAAAAAAA==' }),
        401,
      );
    });

    it('shows its picture at once', async () => {
      // Where a container comes up, the machine's network changes, and Chromium gives up what it is loading just then.
      const isThere = async (): Promise<boolean> => {
        await page.goto(url());
        for (let left = 40; left > 0 && (await coloursOf(page)) <= 3; left -= 1) await sleep(200);
        return (await coloursOf(page)) > 3;
      };
      await eventually('there is a picture', isThere, 45_000);
    });

    it('is as large as the window, also when that changes', async () => {
      await eventually('it fits', async () => (await sizeOf(page)) === '1000x700', 20_000);
      await page.setViewportSize({ width: 1240, height: 820 });
      await eventually('it fits again', async () => (await sizeOf(page)) === '1240x820', 20_000);
    });

    it('listens nowhere but at its page', async () => {
      const sockets = await container.exec('cat', '/proc/net/unix', '/proc/net/tcp', '/proc/net/tcp6');
      assert(!/@\/tmp\/\.X11-unix/.test(sockets), 'X has no socket by an abstract name');
      const listening = [...sockets.matchAll(/: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:0000 0A /g)].map(([, port]) => port);
      assert.deepEqual([...new Set(listening)], [(8593).toString(16).toUpperCase()]);
    });

    if (image !== 'basic-desktop') {
      it('takes text from the browser’s clipboard', async () => {
        await page.evaluate(() => navigator.clipboard.writeText('from the browser'));
        await page.evaluate(() => dispatchEvent(new Event('focus')));
        await page.mouse.click(300, 250);
        await type(page, 'cat >/tmp/pasted');
        await eventually(
          'the text arrives',
          async () => {
            await page.keyboard.press('Shift+Insert');
            await page.keyboard.press('Enter');
            return (await container.exec('cat', '/tmp/pasted')).includes('from the browser');
          },
          20_000,
        );
        await page.keyboard.press('Control+D');
      });

      it('gives text to the browser’s clipboard', async () => {
        const word = 'desktop'.repeat(7);
        await type(page, `clear; yes ${word} | head -n 25`);
        await eventually(
          'the text arrives',
          async () => {
            await page.mouse.dblclick(300, 250);
            return (await page.evaluate(() => navigator.clipboard.readText())) === word;
          },
          20_000,
        );
      });
    }

    it('wrote no password anywhere', async () => {
      assert(!(await container.logs()).includes(password));
      const processes = await container.exec('sh', '-c', 'cat /proc/[0-9]*/cmdline | tr "\\0" " "');
      assert(processes.includes('Xvnc'), processes);
      assert(!processes.includes(password));
    });
  });
}

/** 0 while nobody answers. By Node's own client: `fetch` sends no upgrades. */
function statusOf(url: string, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve) => {
    const sent = get(url, { headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.once('upgrade', (_answer, socket) => {
      socket.destroy();
      resolve(101);
    });
    sent.once('error', () => resolve(0));
  });
}

async function type(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line, { delay: 10 });
  await page.keyboard.press('Enter');
}

const canvas = '#noVNC_container canvas';

const sizeOf = (page: Page): Promise<string> =>
  page
    .locator(canvas)
    .evaluate((element) => `${(element as HTMLCanvasElement).width}x${(element as HTMLCanvasElement).height}`);

/** How many different colours the picture has, at a sample of its places. */
async function coloursOf(page: Page): Promise<number> {
  if ((await page.locator(canvas).count()) === 0) return 0;
  return page.locator(canvas).evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    if (width === 0 || height === 0) return 0;
    const data = (element as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data;
    const pixels = new Uint32Array(data?.buffer ?? new ArrayBuffer(0));
    return new Set(pixels).size;
  });
}
