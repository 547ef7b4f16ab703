import assert from 'node:assert/strict';
import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Software, Task } from '@stele/sdk/api';
import {
  type ApiClient,
  containerOf,
  endCleanly,
  eventually,
  inOrder,
  type Problem,
  type Setting,
  Stage,
  skip,
  TaskVisitor,
} from './lib/index.ts';

const large = 50_000_000;

const settings: readonly Setting[] = [
  { engine: 'podman', database: 'embedded', images: ['web-echo'] },
  { engine: 'docker', database: 'embedded', images: ['web-echo'] },
  { engine: 'podman', database: 'postgresql', images: ['web-echo'] },
  { engine: 'podman', database: 'embedded', images: ['web-echo'], site: { site: { tasks: portMode() } } },
];

for (const setting of settings) {
  const mode = setting.site?.site?.tasks?.mode ?? 'subdomain';
  describe(`the line by API: ${setting.engine}, ${setting.database} database, ${mode} mode`, function () {
    this.timeout(60_000);
    inOrder();
    let stage: Stage;
    let api: ApiClient;
    let task: Task;
    let visitor: TaskVisitor;

    before(async function () {
      this.timeout(600_000);
      const opened = await Stage.open(setting);
      if (typeof opened === 'string') return skip(this, opened);
      stage = opened;
      api = await stage.platform.logIn();
    });

    after(async () => {
      visitor?.[Symbol.dispose]();
      await stage?.[Symbol.asyncDispose]();
    });

    it('takes a log-in link once', async () => {
      const link = new URLSearchParams(new URL(stage.platform.login).hash.slice(1)).get('link');
      const again = await api.post<Problem>('/session', { link });
      assert.deepEqual([again.status, again.body.code], [403, 'DENIED']);
    });

    it('adds a software and launches it until it is ready', async () => {
      const env = { ECHO_LOG_LINES: '20', ECHO_LOG_EVERY: '0.1' };
      const { port, registry, image, tag, flags } = await api.software('Echo');
      await api.must<Software>('POST', '/software', { name: 'Talker', port, registry, image, tag, flags, env });
      // Twice at once: whoever doubts that a click went through clicks again.
      const wish = { key: 'aaaabbbbccccdddd' };
      const [first, second] = await Promise.all([api.launch('Talker', wish), api.launch('Talker', wish)]);
      assert.equal(second.id, first.id);
      task = first;
      assert.deepEqual([task.ready, task.software.name, task.computing.name], [false, 'Talker', 'This machine']);
      task = await api.ready(task.id);
      assert.deepEqual([task.phase, task.engine?.id, task.exposure], ['running', setting.engine, 'proxied']);
    });

    it('changes of a resource what is named, and nothing else', async () => {
      const { id, ...before } = await api.software('Talker');
      const after = await api.must<Software>('PATCH', `/software/${id}`, { description: 'It talks.' });
      assert.deepEqual(after, { id, ...before, description: 'It talks.' });
    });

    it('launches once for one key', async () => {
      const again = await api.launch('Talker', { key: task.key });
      assert.equal(again.id, task.id);
      assert.equal((await api.items<Task>('/tasks')).length, 1);
      assert.deepEqual(await stage.engine.containersOf(stage.platform.yard.path), [containerOf(task.key)]);
    });

    it('lets in who has a ticket, once', async () => {
      const connection = await api.connect(task.id);
      assert(connection.kind === 'web');
      const url = new URL(connection.url);
      assert.notEqual(url.hostname, new URL(stage.platform.url).hostname);
      visitor = await TaskVisitor.enter(connection.url);
      assert.match(await visitor.text('/'), /<h1>web-echo<\/h1>/);
      const second = await visitor.stranger().request(`${url.pathname}${url.search}`);
      assert.equal(second.resume().statusCode, 403);
      const stranger = await visitor.stranger().request('/about');
      assert.equal(stranger.resume().statusCode, 401);
    });

    it('shows the task neither ticket nor cookie of the platform', async () => {
      const { headers } = await visitor.json<{ headers: [string, string][] }>('/echo', {
        headers: { 'X-Mine': 'yes' },
      });
      const names = headers.map(([name]) => name.toLowerCase());
      assert(names.includes('x-mine'));
      assert(!names.includes('cookie') && !names.includes('authorization'), names.join());
    });

    it('carries WebSockets', async () => {
      const socket = await visitor.socket('/ws', ['echo.v1']);
      assert.equal(socket.protocol, 'echo.v1');
      for (const sent of ['words', Buffer.alloc(300_000, 7)]) {
        const echoed = once(socket, 'message') as Promise<[Buffer, boolean]>;
        socket.send(sent);
        const [data, isBinary] = await echoed;
        assert.deepEqual([data.equals(Buffer.from(sent)), isBinary], [true, typeof sent !== 'string']);
      }
      socket.close(4000);
      await once(socket, 'close');
    });

    it('carries server-sent events as they come', async () => {
      const events = await visitor.request('/events?count=3&interval=0.2');
      const arrivals: number[] = [];
      for await (const chunk of events) if (/data:/.test(String(chunk))) arrivals.push(performance.now());
      assert.equal(arrivals.length, 3);
      assert((arrivals[2] ?? 0) - (arrivals[0] ?? 0) > 250, 'events were held back');
    });

    it('carries ranges', async () => {
      const answer = await visitor.request('/file?size=1000', { headers: { Range: 'bytes=250-259' } });
      assert.deepEqual([answer.statusCode, answer.headers['content-range']], [206, 'bytes 250-259/1000']);
      const [bytes] = (await answer.toArray()) as Buffer[];
      assert.deepEqual([...(bytes ?? [])], [250, 251, 252, 253, 254, 255, 0, 1, 2, 3]);
    });

    it('carries 50 MB down and up', async () => {
      const expected = digest(pattern(large));
      assert.equal(await digestOf(await visitor.request(`/down?size=${large}`)), await expected);
      const up = await visitor.json<unknown>('/up', { method: 'PUT', body: pattern(large) });
      assert.deepEqual(up, { length: large, sha256: await expected });
    });

    it('tells what the task prints: the last lines, and on as they come, also when its engine’s telling is cut', async () => {
      const tail = await (await api.fetch(`/tasks/${task.id}/logs?tail=2`)).text();
      assert.match(tail, /^still here \d+\nstill here \d+\n$/);
      const leaving = new AbortController();
      const followed = await api.fetch(`/tasks/${task.id}/logs?follow=true&tail=0`, { signal: leaving.signal });
      const text = await firstOf(followed, 6, () => cutLog(containerOf(task.key)));
      const counts = text
        .matchAll(/^still here (\d+)$/gm)
        .map(([, count]) => Number(count))
        .toArray();
      assert.deepEqual(
        counts.slice(0, 6),
        Array.from({ length: 6 }, (_, at) => (counts[0] ?? 0) + at),
        text,
      );
      leaving.abort();
    });

    it('tells no events where the computing has none', async () => {
      assert.deepEqual(await api.must('GET', `/tasks/${task.id}/events`), { items: [] });
    });

    it('keeps sessions, software and running tasks over a restart', async () => {
      assert.equal(await stage.platform.stop(), 0);
      assert(await stage.engine.exists(containerOf(task.key)), 'the task goes on');
      await stage.platform.start();
      assert.equal((await api.software('Talker')).image, 'stele/web-echo');
      const after = await api.ready(task.id);
      assert.deepEqual([after.key, after.startedAt], [task.key, task.startedAt]);
      // Ports are given to tasks when somebody connects.
      if (mode === 'port') visitor = await api.enter(task.id);
      assert.match(await visitor.text('/'), /web-echo/);
    });

    it('stops: the container goes, the log stays', async () => {
      const ended = await api.stop(task.id);
      assert.deepEqual([ended.outcome, ended.ready], ['cancelled', false]);
      const gone = async (): Promise<boolean> => !(await stage.engine.exists(containerOf(task.key)));
      await eventually('the container is gone', gone, 20_000);
      assert.match(await (await api.fetch(`/tasks/${task.id}/logs`)).text(), /line 0\n[^]*still here/);
    });

    it('forgets a task on request', async () => {
      await api.must('DELETE', `/tasks/${task.id}`);
      assert.equal((await api.get(`/tasks/${task.id}`)).status, 404);
      assert.deepEqual(await api.items('/tasks'), []);
    });

    it('leaves nothing', () => endCleanly(stage.platform, [api], stage.engine));
  });
}

function portMode(): { mode: 'port'; ports: string } {
  const from = 20_000 + (process.pid % 10_000);
  return { mode: 'port', ports: `${from}-${from + 9}` };
}

/** What web-echo sends: 0, 1, … 255, 0, … */
function* pieces(length: number): Iterable<Uint8Array> {
  const piece = Uint8Array.from({ length: 65_536 }, (_, at) => at);
  for (let at = 0; at < length; at += piece.length) yield piece.subarray(0, Math.min(piece.length, length - at));
}

async function* pattern(length: number): AsyncIterable<Uint8Array> {
  yield* pieces(length);
}

async function digest(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash: Hash = createHash('sha256');
  for await (const piece of bytes) hash.update(piece);
  return hash.digest('hex');
}

const digestOf = (stream: Readable): Promise<string> => digest(stream as AsyncIterable<Uint8Array>);

/** What was read once it holds `count` lines; `began` is called at the first piece. */
async function firstOf({ body }: Response, count: number, began: () => Promise<void>): Promise<string> {
  assert(body);
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream() as never) as AsyncIterable<string>) {
    if (text === '') await began();
    text += chunk;
    if (text.split('\n').length > count) return text;
  }
  return text;
}

/** Kills the process by which an engine follows a container's log. */
async function cutLog(container: string): Promise<void> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  const found = pids.filter((_, at) => /\0logs\0--follow\0/.test(lines[at] ?? '') && lines[at]?.includes(container));
  assert.notDeepEqual(found, []);
  for (const pid of found) process.kill(Number(pid), 'SIGKILL');
}
