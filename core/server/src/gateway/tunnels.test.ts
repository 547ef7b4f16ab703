import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { isSteleError } from '@stele/sdk';
import { eventually } from '@stele/sdk/testing';
import { blocks, digest } from './testing/bytes.ts';
import { directly, silent, TestDialer, TestDirectory, TestGuard } from './testing/fakes.ts';
import type { GatewayTask } from './ports.ts';
import { Tunnels, type TunnelsOptions } from './tunnels.ts';

const session = 'session';

/** Tasks that are servers of this process, and their listeners. */
class World implements AsyncDisposable {
  readonly tasks = new TestDirectory();
  readonly guard = new TestGuard();
  readonly dialer = new TestDialer();
  readonly tunnels: Tunnels;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  constructor(options: Partial<TunnelsOptions> = {}) {
    const { tasks, guard: sessions } = this;
    this.tunnels = new Tunnels({ tasks, sessions, bind: '127.0.0.1', host: 'tasks.test', log: silent, ...options });
  }

  async task(serve: (socket: Socket) => void, isDirect = true): Promise<GatewayTask> {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      this.#sockets.add(socket.on('error', () => undefined));
      serve(socket);
    });
    this.#servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
    const task = this.tasks.add({}, () =>
      Promise.resolve(isDirect ? directly(address) : { address, via: this.dialer }),
    );
    this.guard.allow(session, task);
    return task;
  }

  async connect(task: GatewayTask): Promise<Socket> {
    return dial((await this.tunnels.open(task.key, session)).port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.tunnels[Symbol.asyncDispose]();
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) server.close();
  }
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined);
  // One that is refused may be reset before it is told that it was connected.
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  return socket;
}

const echo = (socket: Socket): void => void socket.pipe(socket);

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

const closed = (socket: Socket): Promise<void> =>
  eventually('the connection is cut', () => Promise.resolve(socket.destroyed || socket.readableEnded));

async function rejects(work: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(work, (error) => isSteleError(error) && error.code === code);
}

describe('the listener of a task', function () {
  this.timeout(20_000);

  for (const isDirect of [true, false]) {
    describe(isDirect ? 'that is reached directly' : 'that is reached by a dialer', () => {
      it('carries bytes both ways, unchanged', async () => {
        await using world = new World();
        const client = await world.connect(await world.task(echo, isDirect));
        blocks(200).pipe(client);
        assert.equal(await digest(client), await digest(blocks(200)));
      });

      it('lets the one that has said all still listen', async () => {
        await using world = new World();
        const task = await world.task(async (socket) => socket.end(`heard ${await text(socket)}`), isDirect);
        const client = await world.connect(task);
        client.end('this');
        assert.equal(await text(client), 'heard this');
      });

      it('stops reading when the other side does', async () => {
        await using world = new World();
        const task = await world.task((socket) => socket.pause(), isDirect);
        const client = await world.connect(task);
        const block = Buffer.alloc(1 << 20);
        let isFull = false;
        for (let i = 0; i < 200 && !isFull; i += 1) {
          isFull = !client.write(block) && !(await Promise.race([once(client, 'drain').then(() => true), later(500)]));
        }
        assert(isFull, 'it took 200 MiB that nobody read');
      });
    });
  }

  it('is the same for whoever asks again, and says the host that the site names', async () => {
    await using world = new World();
    const task = await world.task(echo);
    const [one, other] = [await world.tunnels.open(task.key, session), await world.tunnels.open(task.key, session)];
    assert.deepEqual(one, other);
    assert.equal(one.host, 'tasks.test');
  });

  it('is refused for a task that doesn’t run, and for none', async () => {
    await using world = new World();
    const { key } = await world.task(echo);
    world.tasks.change(key, { phase: 'starting' });
    await rejects(world.tunnels.open(key, session), 'CONFLICT');
    await rejects(world.tunnels.open('nothing', session), 'NOT_FOUND');
  });

  it('takes a port of the range, and says when there is none', async () => {
    const from = await freePort();
    await using world = new World({ ports: { from, to: from } });
    const one = await world.task(echo);
    assert.equal((await world.tunnels.open(one.key, session)).port, from);
    const other = await world.task(echo);
    await rejects(world.tunnels.open(other.key, session), 'LIMIT');
    world.tasks.change(one.key, { phase: 'ended' });
    await eventually('the port is free', async () => !(await isOpen(from)));
    assert.equal((await world.tunnels.open(other.key, session)).port, from);
  });

  for (const [what, end] of [
    ['ends', (world: World, { key }: GatewayTask) => world.tasks.change(key, { phase: 'ended' })],
    ['is stopped', (world: World, { key }: GatewayTask) => world.tasks.change(key, { phase: 'stopping' })],
    ['is deleted', (world: World, { key }: GatewayTask) => world.tasks.remove(key)],
    ['is no longer its user’s', (world: World, task: GatewayTask) => world.guard.revoke(session, task)],
  ] as const) {
    it(`closes, and cuts who is connected, when the task ${what}`, async () => {
      await using world = new World();
      const task = await world.task(echo);
      const { port } = await world.tunnels.open(task.key, session);
      const client = await dial(port);
      end(world, task);
      await closed(client);
      await eventually('the listener is closed', async () => !(await isOpen(port)));
    });
  }

  it('asks at each connection whether it is still allowed', async () => {
    await using world = new World();
    const task = await world.task(echo);
    const { port } = await world.tunnels.open(task.key, session);
    world.guard.forget(session, task);
    await closed(await dial(port));
    await eventually('the listener is closed', async () => !(await isOpen(port)));
  });

  it('lets nobody in while that can’t be found out', async () => {
    await using world = new World();
    const task = await world.task(echo);
    const { port } = await world.tunnels.open(task.key, session);
    world.guard.fault = new Error('no database');
    await closed(await dial(port));
    world.guard.fault = undefined;
    const client = await dial(port);
    client.end('again');
    assert.equal(await text(client), 'again');
  });

  it('finds out by itself that a session has ended by time', async () => {
    await using world = new World({ limits: { decisionLife: 50 } });
    const task = await world.task(echo);
    const client = await world.connect(task);
    world.guard.forget(session, task);
    await closed(client);
  });

  it('lives on by the right of another session', async () => {
    await using world = new World();
    const task = await world.task(echo);
    world.guard.allow('other', task);
    const { port } = await world.tunnels.open(task.key, session);
    await world.tunnels.open(task.key, 'other');
    world.guard.revoke(session, task);
    const client = await dial(port);
    client.end('still');
    assert.equal(await text(client), 'still');
  });

  it('closes when nobody uses it, and not while somebody does', async () => {
    await using world = new World({ limits: { idle: 100 } });
    const task = await world.task(echo);
    const { port } = await world.tunnels.open(task.key, session);
    const client = await dial(port);
    await later(300);
    client.end('here');
    assert.equal(await text(client), 'here');
    await eventually('the listener is closed', async () => !(await isOpen(port)));
  });

  it('takes no more connections than its limit', async () => {
    await using world = new World({ limits: { connections: 1 } });
    const task = await world.task(echo);
    const first = await world.connect(task);
    await closed(await world.connect(task));
    first.end('first');
    assert.equal(await text(first), 'first');
    await eventually('there is room again', async () => {
      const next = await world.connect(task);
      next.end('next');
      return (await text(next).catch(() => '')) === 'next';
    });
  });

  it('asks for the way again when the task has moved', async () => {
    await using world = new World();
    const task = await world.task((socket) => socket.end('old'));
    const other = await world.task((socket) => socket.end('new'));
    assert.equal(await text(await world.connect(task)), 'old');
    world.tasks.reroute(task.key, () => world.tasks.reach(other.key));
    world.tasks.change(task.key, {});
    assert.equal(await text(await world.connect(task)), 'new');
  });

  it('leaves nothing when the platform stops', async () => {
    const world = new World();
    const task = await world.task(echo);
    const { port } = await world.tunnels.open(task.key, session);
    const client = await dial(port);
    await world[Symbol.asyncDispose]();
    await closed(client);
    assert.equal(await isOpen(port), false);
    assert.equal(world.tasks.listenerCount + world.guard.listenerCount, 0);
  });
});

const later = (milliseconds: number): Promise<false> =>
  new Promise((resolve) => setTimeout(() => resolve(false), milliseconds));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
