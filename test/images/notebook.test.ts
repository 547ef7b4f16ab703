import assert from 'node:assert/strict';
import { Engine, eventually } from '../e2e/lib/index.ts';
import { Container, password, user } from './container.ts';

const port = 8893;

describe('image jupyter-notebook', function () {
  this.timeout(60_000);
  let container: Container;

  before(async function () {
    this.timeout(600_000);
    container = await Container.start(await Engine.openPodmanBed('jupyter-notebook'), 'jupyter-notebook', port);
    await eventually('it answers', async () => (await statusOf('/api')) === 200, 30_000);
  });

  after(() => container?.[Symbol.asyncDispose]());

  /** 0 while nobody answers. */
  async function statusOf(path: string, authorization?: string): Promise<number> {
    const headers = new Headers(authorization === undefined ? [] : [['Authorization', authorization]]);
    try {
      return (await fetch(`http://127.0.0.1:${container.port}${path}`, { headers, redirect: 'manual' })).status;
    } catch {
      return 0; // Asked again until the test's patience ends.
    }
  }

  const basic = (secret: string): string => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;

  it('asks nothing of whom the platform says the password for', async () => {
    assert.equal(await statusOf('/lab', basic(password)), 200);
    assert.equal(await statusOf('/api/contents', basic(password)), 200);
  });

  it('takes the password as its token, too', async () => {
    assert.equal(await statusOf(`/api/contents?token=${encodeURIComponent(password)}`), 200);
    assert.equal(await statusOf('/api/contents', `token ${password}`), 200);
  });

  for (const [what, authorization] of [
    ['nothing', undefined],
    ['a wrong password', basic('wrong')],
    ['an empty password', basic('')],
    ['what isn’t base64', 'Basic !!!'],
    ['what isn’t text', `Basic ${Buffer.from([0xff, 0xfe]).toString('base64')}`],
    ['no pair', `Basic ${Buffer.from(password).toString('base64')}`],
  ] as const) {
    it(`lets in nobody who says ${what}`, async () => {
      assert.equal(await statusOf('/api/contents', authorization), 403);
      assert.equal(await statusOf('/lab', authorization), 302);
    });
  }
});
