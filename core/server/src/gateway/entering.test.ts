import assert from 'node:assert/strict';
import { hasCode } from '@stele/sdk';
import { Stage } from './testing/stage.ts';
import type { GatewayTask } from './index.ts';

describe('entering a task', () => {
  let stage: Stage;
  let task: GatewayTask;
  beforeEach(async () => {
    stage = await Stage.open();
    task = await stage.task((req, res) => res.end(`task ${req.url} ${req.headers.cookie ?? ''}`));
    stage.guard.allow('alice', task);
  });
  afterEach(() => stage[Symbol.asyncDispose]());

  const ticket = async (session = 'alice', path?: string): Promise<string> => {
    const request = { task: task.key, user: 'u', session, ...(path === undefined ? {} : { path }) };
    const url = new URL(await stage.gateway.issueTicket(request));
    assert.equal(url.host, stage.host(task));
    return url.pathname + url.search;
  };

  it('by a ticket sets a cookie that scripts and other hosts never see, and lands on the task', async () => {
    const answer = await stage.ask(task, await ticket());
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.location, '/');
    assert.match(
      answer.headers['set-cookie']?.[0] ?? '',
      /^__Host-stele-task=[\w-]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal(answer.headers['referrer-policy'], 'no-referrer');
    assert.equal(answer.headers['clear-site-data'], undefined);
  });

  it('shows the task neither ticket nor cookie', async () => {
    const cookie = await stage.enter(task);
    assert.equal((await stage.ask(task, '/x', { cookie })).body, 'task /x ');
  });

  it('lands on the path that was asked for', async () => {
    assert.equal(
      (await stage.ask(task, await ticket('alice', '/lab/tree/a.ipynb?x=1'))).headers.location,
      '/lab/tree/a.ipynb?x=1',
    );
  });

  for (const path of [
    '//evil.example',
    '/\\evil.example',
    'http://evil.example',
    '/a/../../b',
    '/.stele/enter?ticket=x',
    '',
    '/\n',
  ]) {
    it(`refuses to land on ${JSON.stringify(path)}`, async () => {
      await assert.rejects(ticket('alice', path), (error) => hasCode(error, 'INVALID'));
    });
  }

  it('works once', async () => {
    const path = await ticket();
    assert.equal((await stage.ask(task, path)).status, 303);
    const again = await stage.ask(task, path);
    assert.equal(again.status, 403);
    assert.equal(again.headers['set-cookie'], undefined);
  });

  it('works once also when two come at the same moment', async () => {
    const path = await ticket();
    const answers = await Promise.all([stage.ask(task, path), stage.ask(task, path), stage.ask(task, path)]);
    assert.deepEqual(
      answers.map((answer) => answer.status).toSorted((a, b) => a - b),
      [303, 403, 403],
    );
  });

  it('works for half a minute', async () => {
    const [early, late] = [await ticket(), await ticket()];
    stage.clock.pass(29_999);
    assert.equal((await stage.ask(task, early)).status, 303);
    stage.clock.pass(1);
    assert.equal((await stage.ask(task, late)).status, 403);
  });

  it('fails when the session has ended meanwhile', async () => {
    const path = await ticket();
    stage.guard.forget('alice', task);
    const answer = await stage.ask(task, path);
    assert.equal(answer.status, 403);
    assert.equal(answer.headers['set-cookie'], undefined);
  });

  it('fails for a session that may not, whatever others may', async () => {
    assert.equal((await stage.ask(task, await ticket('mallory'))).status, 403);
  });

  it('fails at another task’s door, and spends the ticket', async () => {
    const other = await stage.task((_req, res) => res.end('other'));
    stage.guard.allow('alice', other);
    const path = await ticket();
    assert.equal((await stage.ask(other, path)).status, 403);
    assert.equal((await stage.ask(task, path)).status, 403);
  });

  it('fails with anything but GET, without spending the ticket', async () => {
    const path = await ticket();
    for (const method of ['HEAD', 'POST', 'OPTIONS']) {
      assert.equal((await stage.ask(task, path, { method })).status, 405);
    }
    assert.equal((await stage.ask(task, path)).status, 303);
  });

  it('fails without a ticket, or with a made-up one', async () => {
    for (const path of [
      '/.stele/enter',
      '/.stele/enter?ticket=',
      '/.stele/enter?ticket=x',
      '/.stele/enter?ticket=__proto__',
    ]) {
      assert.equal((await stage.ask(task, path)).status, 403);
    }
  });

  it('needs a task', async () => {
    const request = { task: '0000000000000000', user: 'u', session: 'alice' };
    await assert.rejects(stage.gateway.issueTicket(request), (error) => hasCode(error, 'NOT_FOUND'));
  });

  it('keeps only so many tickets of a session', async () => {
    const first = await ticket();
    for (let i = 0; i < 32; i += 1) await ticket();
    assert.equal((await stage.ask(task, first)).status, 403);
  });

  it('says “try again” when accounts can’t answer', async () => {
    const path = await ticket();
    stage.guard.fault = new Error('no database');
    const answer = await stage.ask(task, path);
    assert.equal(answer.status, 503);
    assert.equal(answer.headers['retry-after'], '2');
  });

  it('survives a restart of the platform, with the same secret', async () => {
    const cookie = await stage.enter(task);
    for (const [secret, status] of [
      [Buffer.alloc(32, 7), 200],
      [Buffer.alloc(32, 8), 401],
    ] as const) {
      await using later = await Stage.open({ secret });
      const same = later.tasks.add({ key: task.key }, () => stage.way(stage.backend().port));
      later.guard.allow('alice', same);
      assert.equal((await later.ask(same, '/', { cookie })).status, status);
    }
  });

  it('of one task is no entry to another', async () => {
    const cookie = await stage.enter(task);
    const other = await stage.task((_req, res) => res.end('other'));
    stage.guard.allow('alice', other);
    assert.equal((await stage.ask(other, '/', { cookie })).status, 401);
  });

  it('is not done by a cookie that was changed, doubled or renamed', async () => {
    const cookie = await stage.enter(task);
    const flipped = cookie.slice(0, -3) + (cookie.at(-3) === 'A' ? 'B' : 'A') + cookie.slice(-2);
    for (const bad of [
      flipped,
      `${cookie}; ${cookie}`,
      `${cookie}x`,
      cookie.slice(0, 40),
      '__Host-stele-task=',
      cookie.toLowerCase(),
    ]) {
      assert.equal((await stage.ask(task, '/', { cookie: bad })).status, 401, bad);
    }
  });
});

describe('those who have not entered', () => {
  let stage: Stage;
  let task: GatewayTask;
  beforeEach(async () => {
    stage = await Stage.open();
    task = await stage.task((_req, res) => res.end('secret'));
  });
  afterEach(() => stage[Symbol.asyncDispose]());

  it('get a page that leads to the platform', async () => {
    const answer = await stage.ask(task, '/lab', { headers: { accept: 'text/html,*/*' } });
    assert.equal(answer.status, 401);
    assert.ok(answer.body.includes(`href="http://localhost:${stage.platform.port}/tasks/${task.key}"`));
    assert.ok(!answer.body.includes(task.name), 'the task’s name is for those who may enter');
    assert.match(String(answer.headers['content-security-policy']), /default-src 'none'/);
    assert.ok(!/<script(?! src)|<style|style=| on\w+=/.test(answer.body));
  });

  it('get problem JSON when they are programs', async () => {
    const answer = await stage.ask(task, '/api', { headers: { accept: 'application/json' } });
    assert.equal(answer.status, 401);
    assert.equal(answer.headers['content-type'], 'application/problem+json');
    const problem = JSON.parse(answer.body) as Record<string, unknown>;
    assert.equal(problem['code'], 'UNAUTHENTICATED');
    assert.equal(problem['link'], `http://localhost:${stage.platform.port}/tasks/${task.key}`);
  });

  it('can’t tell whether a task exists', async () => {
    const unknown = { ...task, key: '0'.repeat(16) };
    const [here, nowhere] = [await stage.ask(task, '/'), await stage.ask(unknown, '/')];
    assert.equal(here.status, nowhere.status);
    assert.equal(here.body.replaceAll(task.key, ''), nowhere.body.replaceAll(unknown.key, ''));
  });

  it('don’t see its state either', async () => {
    assert.equal((await stage.ask(task, '/.stele/status')).status, 401);
  });
});
