import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { hasCode } from '@stele/sdk';
import { WebSocket, WebSocketServer } from 'ws';
import type { GatewayTask, PortMode } from './index.ts';
import { type Answer, Stage, TestServer, until } from './testing/stage.ts';

const mode: PortMode = {
  kind: 'port',
  host: 'tasks.test',
  platformHost: 'platform.test',
  scheme: 'http',
  ports: { from: 42_610, to: 42_613 },
  bind: '127.0.0.1',
};

describe('port mode', () => {
  let stage: Stage;
  let task: GatewayTask;
  beforeEach(async () => {
    stage = await Stage.open({ mode });
    task = await stage.task((req, res) => {
      res.setHeader('Set-Cookie', ['sid=1; Path=/; Domain=tasks.test', '__Host-safe=2; Secure; Path=/']);
      res.end(req.headers.cookie ?? 'none');
    });
    stage.guard.allow('alice', task);
  });
  afterEach(() => stage[Symbol.asyncDispose]());

  const url = async (of = task): Promise<URL> =>
    new URL(await stage.gateway.issueTicket({ task: of.key, user: 'u', session: 'alice' }));
  const get = (at: URL, path: string, cookie?: string): Promise<Answer> =>
    stage.ask(task, path, { host: at.host, port: Number(at.port), ...(cookie === undefined ? {} : { cookie }) });
  const cookieOf = (answer: Answer): string => (answer.headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';

  it('gives each task a port of its own', async () => {
    const other = await stage.task((_req, res) => res.end('other'));
    const [one, two, again] = [await url(), await url(other), await url()];
    assert.equal(one.hostname, 'tasks.test');
    assert.notEqual(one.port, two.port);
    assert.equal(one.port, again.port);
  });

  it('opens one listener when many ask at once', async () => {
    const ports = await Promise.all(Array.from({ length: 10 }, async () => (await url()).port));
    assert.equal(new Set(ports).size, 1);
  });

  it('lets in by a cookie that carries the task’s name, and clears what another task left there', async () => {
    const at = await url();
    const answer = await get(at, at.pathname + at.search);
    assert.equal(answer.status, 303);
    assert.match(cookieOf(answer), new RegExp(`^__Host-stele-task-${task.key}=`));
    assert.equal(answer.headers['clear-site-data'], '"cache", "storage"');
    const later = await url();
    assert.equal(
      (await get(later, later.pathname + later.search, cookieOf(answer))).headers['clear-site-data'],
      undefined,
    );
  });

  it('keeps the tasks’ cookies apart', async () => {
    const other = await stage.task((req, res) => {
      res.setHeader('Set-Cookie', 'sid=9');
      res.end(req.headers.cookie ?? 'none');
    });
    stage.guard.allow('alice', other);
    const [at, otherAt] = [await url(), await url(other)];
    const [entry, otherEntry] = [
      cookieOf(await get(at, at.pathname + at.search)),
      cookieOf(await get(otherAt, otherAt.pathname + otherAt.search)),
    ];
    // What a browser has after visiting both: one jar for the host.
    let jar = `${entry}; ${otherEntry}; __Host-stele=session; own=js`;
    for (const [where, expected] of [
      [at, [`stele-${task.key}-sid=1; Path=/`, `__Host-stele-${task.key}-safe=2; Secure; Path=/`]],
      [otherAt, [`stele-${other.key}-sid=9`]],
    ] as const) {
      const set = (await get(where, '/', jar)).headers['set-cookie'] ?? [];
      assert.deepEqual(set, expected);
      for (const cookie of set) jar += `; ${cookie.split(';')[0]}`;
    }
    assert.equal((await get(at, '/', jar)).body, 'sid=1; __Host-safe=2');
    assert.equal((await get(otherAt, '/', jar)).body, 'sid=9');
  });

  it('does not take one task’s entry for another’s', async () => {
    const other = await stage.task((_req, res) => res.end('other'));
    stage.guard.allow('alice', other);
    const [at, otherAt] = [await url(), await url(other)];
    const entry = cookieOf(await get(at, at.pathname + at.search));
    assert.equal((await get(otherAt, '/', entry)).status, 401);
    assert.equal((await get(otherAt, '/', entry.replace(task.key, other.key))).status, 401);
  });

  it('answers under its exact host only', async () => {
    const at = await url();
    const entry = cookieOf(await get(at, at.pathname + at.search));
    for (const host of [
      'tasks.test',
      `TASKS.test:${at.port}`,
      `127.0.0.1:${at.port}`,
      `tasks.test:${Number(at.port) + 1}`,
      'platform.test',
    ]) {
      const answer = await stage.ask(task, '/', { host, port: Number(at.port), cookie: entry });
      assert.equal(answer.status, 421, host);
    }
    assert.equal(
      (await stage.ask(task, '/', { host: at.host, cookie: entry })).status,
      421,
      'not on the platform’s port',
    );
  });

  it('carries WebSockets, from the task’s own origin', async () => {
    const server = createServer();
    new WebSocketServer({ server }).on('connection', (socket) => socket.send('hello'));
    const live = await stage.task(server);
    stage.guard.allow('alice', live);
    const at = await url(live);
    const cookie = cookieOf(await get(at, at.pathname + at.search));
    for (const [origin, event] of [
      [at.origin, 'message'],
      [`http://tasks.test:${Number(at.port) + 1}`, 'unexpected-response'],
    ] as const) {
      const socket = new WebSocket(`ws://127.0.0.1:${at.port}/`, { headers: { host: at.host, origin, cookie } });
      socket.on('error', () => undefined);
      await once(socket, event);
      socket.terminate();
    }
  });

  it('closes the listener with the task, and what is open on it', async () => {
    const at = await url();
    const idle = connect(Number(at.port), '127.0.0.1');
    await once(idle, 'connect');
    idle.on('error', () => undefined);
    stage.tasks.change(task.key, { phase: 'ended' });
    await once(idle, 'close');
    await assert.rejects(get(at, '/'), /ECONNREFUSED/);
  });

  it('passes over ports that others have, and says when there is none left', async () => {
    const taken = createServer();
    taken.listen(42_611, '127.0.0.1');
    await once(taken, 'listening');
    await using _closing = new TestServer(taken);
    const ports = new Set<string>();
    for (let i = 0; i < 3; i += 1) ports.add((await url(await stage.task((_req, res) => res.end()))).port);
    assert.deepEqual([...ports].toSorted(), ['42610', '42612', '42613']);
    const last = await stage.task((_req, res) => res.end());
    await assert.rejects(url(last), (error) => hasCode(error, 'LIMIT'));
    stage.tasks.change(task.key, { phase: 'ended' });
  });

  it('gives a port back', async () => {
    const tasks = [];
    for (let i = 0; i < 4; i += 1) {
      const next = await stage.task((_req, res) => res.end());
      await url(next);
      tasks.push(next);
    }
    stage.tasks.remove(tasks[2]?.key ?? '');
    let port = '';
    await until(() => {
      void url().then(
        (at) => (port = at.port),
        () => undefined,
      );
      return port !== '';
    }, 'a port is free');
  });

  it('gives a task the same port after a restart', async () => {
    const before = (await url()).port;
    await stage[Symbol.asyncDispose]();
    stage = await Stage.open({ mode });
    stage.tasks.add(task);
    assert.equal((await url()).port, before);
  });

  it('refuses to put tasks on the platform’s own host', async () => {
    await assert.rejects(Stage.open({ mode: { ...mode, host: 'Platform.test' } }), (error) =>
      hasCode(error, 'INVALID'),
    );
  });
});
