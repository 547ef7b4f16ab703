import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import type { GatewayTask } from './index.ts';
import { Stage, until } from './testing/stage.ts';

describe('an entry that ends', () => {
  let stage: Stage;
  let task: GatewayTask;
  beforeEach(async () => {
    stage = await Stage.open({ limits: { decisionLife: 60_000 } });
    const server = createServer((req, res) => {
      if (req.url === '/stream') res.write('x');
      else if (req.url === '/upload') req.resume();
      else res.end('x');
    });
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => socket.on('error', () => undefined));
    task = await stage.task(server);
  });
  afterEach(() => stage[Symbol.asyncDispose]());

  it('by log-out closes the door at once', async () => {
    const cookie = await stage.enter(task);
    assert.equal((await stage.ask(task, '/', { cookie })).status, 200);
    stage.guard.revoke('alice', task);
    assert.equal((await stage.ask(task, '/', { cookie })).status, 403);
  });

  it('by log-out cuts open WebSockets and streams, and those of that session only', async () => {
    const [cookie, other] = [await stage.enter(task), await stage.enter(task, 'bob')];
    const [socket, otherSocket] = [stage.webSocket(task, '/', cookie), stage.webSocket(task, '/', other)];
    await Promise.all([once(socket, 'open'), once(otherSocket, 'open')]);
    const [stream, otherStream] = [
      await stage.open(task, '/stream', { cookie }),
      await stage.open(task, '/stream', { cookie: other }),
    ];
    const cut = Promise.all([once(socket, 'close'), new Promise((resolve) => stream.once('error', resolve))]);
    otherStream.on('error', () => undefined);
    stream.resume();
    stage.guard.revoke('alice', task);
    await cut;
    assert.equal(otherSocket.readyState, otherSocket.OPEN);
    assert.equal(otherStream.destroyed, false);
    otherSocket.terminate();
    otherStream.destroy();
  });

  it('while an answer of accounts is on its way isn’t taken for alive', async () => {
    const cookie = await stage.enter(task);
    stage.clock.pass(61_000);
    const { promise, resolve } = Promise.withResolvers<void>();
    stage.guard.hold = promise;
    const answer = stage.ask(task, '/', { cookie });
    const asked = stage.guard.askCount;
    await until(() => stage.guard.askCount > asked, 'accounts are asked');
    stage.guard.revoke('alice', task);
    resolve();
    assert.equal((await answer).status, 403);
  });

  it('when a share is taken back: the task’s change makes the gateway ask again', async () => {
    const cookie = await stage.enter(task);
    const socket = stage.webSocket(task, '/', cookie);
    await once(socket, 'open');
    stage.guard.forget('alice', task);
    stage.tasks.change(task.key, { reason: 'not shared any more' });
    await once(socket, 'close');
    assert.equal((await stage.ask(task, '/', { cookie })).status, 403);
  });

  it('by time is noticed within the life of a decision', async () => {
    const cookie = await stage.enter(task);
    stage.guard.forget('alice', task);
    assert.equal((await stage.ask(task, '/', { cookie })).status, 200);
    stage.clock.pass(60_000);
    assert.equal((await stage.ask(task, '/', { cookie })).status, 403);
  });

  it('by time also ends what stays open', async () => {
    await using quick = await Stage.open({ limits: { decisionLife: 50 } });
    const open = await quick.task((_req, res) => void res.write('x'));
    const cookie = await quick.enter(open);
    const stream = await quick.open(open, '/', { cookie });
    const isCut = new Promise((resolve) => stream.once('error', resolve));
    stream.resume();
    quick.guard.forget('alice', open);
    await isCut;
  });

  it('is decided by accounts alone: they are asked once, then only after a change', async () => {
    const cookie = await stage.enter(task);
    const before = stage.guard.askCount;
    for (let i = 0; i < 20; i += 1) await stage.ask(task, '/', { cookie });
    assert.equal(stage.guard.askCount, before);
    stage.tasks.change(task.key, {});
    await stage.ask(task, '/', { cookie });
    assert.equal(stage.guard.askCount, before + 1);
  });

  it('can’t be confirmed while accounts don’t answer', async () => {
    const cookie = await stage.enter(task);
    const socket = stage.webSocket(task, '/', cookie);
    await once(socket, 'open');
    stage.guard.fault = new Error('no database');
    assert.equal((await stage.ask(task, '/', { cookie })).status, 200, 'a decision of late stands');
    stage.tasks.change(task.key, {});
    await once(socket, 'close');
    const answer = await stage.ask(task, '/', { cookie });
    assert.deepEqual([answer.status, answer.headers['retry-after']], [503, '2']);
    stage.guard.fault = undefined;
    assert.equal((await stage.ask(task, '/', { cookie })).status, 200);
  });

  it('with its task: everything that is open to it is cut', async () => {
    const cookie = await stage.enter(task);
    const socket = stage.webSocket(task, '/', cookie);
    await once(socket, 'open');
    stage.tasks.change(task.key, { phase: 'ended', outcome: 'cancelled' });
    await once(socket, 'close');
    await until(() => stage.backend().sockets.size === 0, 'no connection to the task is left');
  });
});
