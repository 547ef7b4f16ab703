import assert from 'node:assert/strict';
import type { Phase } from '@stele/sdk';
import type { GatewayTask } from './index.ts';
import { Stage } from './testing/stage.ts';

const asPage = { accept: 'text/html,application/xhtml+xml' };
const asProgram = { accept: 'application/json' };

describe('a task that can’t be connected to', () => {
  let stage: Stage;
  let task: GatewayTask;
  let cookie: string;
  beforeEach(async () => {
    stage = await Stage.open();
    task = await stage.task((_req, res) => res.end('ready'), { name: '<b>Mine & yours</b>' });
    cookie = await stage.enter(task);
  });
  afterEach(() => stage[Symbol.asyncDispose]());

  const phases: [Phase, RegExp][] = [
    ['submitting', /being submitted/],
    ['queued', /waits in the queue/],
    ['starting', /is starting/],
    ['running', /getting ready/],
    ['stopping', /is stopping/],
    ['held', /on hold/],
    ['suspended', /suspended/],
    ['unknown', /out of sight/],
  ];
  for (const [phase, words] of phases) {
    it(`has a page that waits: ${phase}`, async () => {
      stage.tasks.change(task.key, { phase, isReady: false, reason: 'Pulling <image>' });
      const answer = await stage.ask(task, '/lab', { cookie, headers: asPage });
      assert.equal(answer.status, 503);
      assert.match(answer.body, words);
      assert.match(answer.body, /Pulling &lt;image&gt;/);
      assert.match(answer.body, /&lt;b&gt;Mine &amp; yours&lt;\/b&gt;/);
      assert.match(answer.body, /<script src="\/.stele\/waiting.js" defer>/);
      assert.match(String(answer.headers['content-security-policy']), /script-src 'self'.*frame-ancestors 'none'/);
      assert.doesNotMatch(String(answer.headers['content-security-policy']), /unsafe/);
    });
  }

  it('tells a program to come back', async () => {
    stage.tasks.change(task.key, { phase: 'starting', isReady: false });
    for (const [method, headers] of [
      ['GET', asProgram],
      ['POST', asPage],
    ] as const) {
      const answer = await stage.ask(task, '/api', { cookie, headers, method });
      assert.deepEqual([answer.status, answer.headers['retry-after']], [503, '2']);
      assert.equal((JSON.parse(answer.body) as { code: string }).code, 'UNREACHABLE');
    }
  });

  it('has ended, which is said once and for all', async () => {
    stage.tasks.change(task.key, { phase: 'ended', outcome: 'out-of-memory', reason: 'Killed at 2 GiB.' });
    const answer = await stage.ask(task, '/', { cookie, headers: asPage });
    assert.equal(answer.status, 410);
    assert.match(answer.body, /has ended[^]*needed more memory than it had. Killed at 2 GiB./);
    assert.doesNotMatch(answer.body, /waiting.js/);
    assert.ok(answer.body.includes(`/tasks/${task.key}"`));
  });

  it('was stopped, which is said once alone', async () => {
    stage.tasks.change(task.key, { phase: 'ended', outcome: 'cancelled', reason: 'Stopped on request.' });
    const { body } = await stage.ask(task, '/', { cookie, headers: asPage });
    assert.match(body, /Stopped on request\./);
    assert.doesNotMatch(body, /It was stopped/);
  });

  it('is gone', async () => {
    stage.tasks.remove(task.key);
    assert.equal((await stage.ask(task, '/', { cookie, headers: asPage })).status, 404);
  });

  it('runs but refuses connections; and is back without further ado', async () => {
    const { port } = stage.backend();
    stage.tasks.reroute(task.key, () => stage.way(1));
    stage.tasks.change(task.key, {});
    const answer = await stage.ask(task, '/', { cookie, headers: asPage });
    assert.equal(answer.status, 503);
    assert.match(answer.body, /does not answer/);
    assert.match(answer.body, /waiting.js/);
    stage.tasks.reroute(task.key, () => stage.way(port));
    assert.equal((await stage.ask(task, '/', { cookie })).body, 'ready');
  });

  it('runs but no way leads to it', async () => {
    stage.tasks.reroute(task.key, () => Promise.reject(new Error('the host is down')));
    stage.tasks.change(task.key, {});
    const answer = await stage.ask(task, '/', { cookie, headers: asProgram });
    assert.equal(answer.status, 503);
    assert.doesNotMatch(answer.body, /host is down/, 'the log’s words are for the log');
  });

  it('says how it is doing to the page that waits', async () => {
    const status = async (): Promise<Record<string, unknown>> =>
      JSON.parse((await stage.ask(task, '/.stele/status', { cookie })).body) as Record<string, unknown>;
    stage.tasks.change(task.key, { phase: 'queued', isReady: false, reason: '3 before it' });
    assert.deepEqual(await status(), {
      title: 'The task waits in the queue',
      detail: '3 before it',
      phase: 'queued',
      isReady: false,
      isOver: false,
    });
    stage.tasks.change(task.key, { phase: 'running', isReady: true });
    assert.equal((await status())['isReady'], true);
    stage.tasks.change(task.key, { phase: 'ended', outcome: 'failed' });
    assert.deepEqual([(await status())['isReady'], (await status())['isOver']], [false, true]);
  });

  it('serves what its page needs, and nothing else, below /.stele/', async () => {
    for (const [path, status, type] of [
      ['/.stele/page.css', 200, /^text\/css/],
      ['/.stele/waiting.js', 200, /^text\/javascript/],
      ['/.stele/', 404, /problem/],
      ['/.stele/x', 404, /problem/],
      ['/.stele/status/', 404, /problem/],
    ] as const) {
      const answer = await stage.ask(task, path);
      assert.equal(answer.status, status, path);
      assert.match(String(answer.headers['content-type']), type);
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    }
  });
});
