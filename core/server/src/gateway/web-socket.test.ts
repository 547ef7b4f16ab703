import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, createServer } from 'node:http';
import { type Socket, connect } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { GatewayTask } from './index.ts';
import { Stage, until } from './testing/stage.ts';

for (const isDirect of [true, false]) {
  describe(`WebSockets of a task reached ${isDirect ? 'directly' : 'by dialling'}`, () => {
    let stage: Stage;
    let task: GatewayTask;
    let cookie: string;
    let far: WebSocketServer;
    let asked: IncomingMessage[];
    beforeEach(async () => {
      asked = [];
      stage = await Stage.open({ isDirect, limits: { webSocketsPerTask: 5 } });
      const server = createServer((_req, res) => res.end('http'));
      far = new WebSocketServer({
        server,
        perMessageDeflate: true,
        maxPayload: 64 << 20,
        handleProtocols: (offered) => [...offered].at(-1) ?? false,
        verifyClient: ({ req }: { req: IncomingMessage }) => !req.url?.startsWith('/refused'),
      });
      far.on('connection', (socket, req) => {
        asked.push(req);
        socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
        socket.on('error', () => undefined);
      });
      task = await stage.task(server);
      cookie = await stage.enter(task);
    });
    afterEach(async () => {
      await stage[Symbol.asyncDispose]();
      await until(() => stage.dialer.open.size === 0, 'all dialled streams closed');
    });

    const opened = async (path = '/', options: object = {}, protocols: string[] = []): Promise<WebSocket> => {
      const socket = stage.webSocket(task, path, cookie, options, protocols);
      await once(socket, 'open');
      return socket;
    };
    /** The status of a WebSocket that is refused. */
    const refused = async (socket: WebSocket): Promise<number> => {
      const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
      answer.resume();
      socket.terminate();
      return answer.statusCode ?? 0;
    };

    it('carry text and large binary messages both ways', async () => {
      const socket = await opened('/kernel?x=1');
      const large = randomBytes(4 << 20);
      for (const message of ['hello', large]) {
        socket.send(message);
        const [data] = (await once(socket, 'message')) as [Buffer];
        assert.ok(data.equals(Buffer.from(message)));
      }
      assert.equal(asked[0]?.url, '/kernel?x=1');
      socket.terminate();
    });

    it('keep their sub-protocol and extensions', async () => {
      const socket = await opened('/', { perMessageDeflate: true }, ['a', 'b']);
      assert.equal(socket.protocol, 'b');
      assert.match(socket.extensions, /permessage-deflate/);
      const text = 'squeeze '.repeat(100_000);
      socket.send(text);
      const [data] = (await once(socket, 'message')) as [Buffer];
      assert.equal(data.toString(), text);
      socket.terminate();
    });

    it('show the task its own host and the page’s origin, and no cookie of ours', async () => {
      const socket = await opened('/', {
        headers: {
          host: stage.host(task),
          origin: `http://${stage.host(task)}`,
          cookie: `a=1; ${cookie}`,
          'x-forwarded-for': '6.6.6.6',
        },
      });
      const headers = asked[0]?.headers ?? {};
      assert.equal(headers.host, stage.host(task));
      assert.equal(headers.origin, `http://${stage.host(task)}`);
      assert.equal(headers.cookie, 'a=1');
      assert.equal(headers['x-forwarded-for'], '127.0.0.1');
      socket.terminate();
    });

    it('close on one side with the code of the other', async () => {
      const socket = await opened();
      socket.close(4001, 'bye');
      const [far1] = [...far.clients];
      assert.ok(far1);
      const [code, reason] = (await once(far1, 'close')) as [number, Buffer];
      assert.deepEqual([code, reason.toString()], [4001, 'bye']);
      const other = await opened();
      for (const client of far.clients) client.close(4002, 'end');
      const [code2] = (await once(other, 'close')) as [number];
      assert.equal(code2, 4002);
    });

    it('break on one side when they break on the other', async () => {
      const socket = await opened();
      socket.terminate();
      await until(() => far.clients.size === 0, 'the task’s side closed');
      const other = await opened();
      for (const client of far.clients) client.terminate();
      await once(other, 'close');
    });

    it('may be refused by the task, in its own words', async () => {
      assert.equal(await refused(stage.webSocket(task, '/refused', cookie)), 401);
    });

    for (const [name, headers] of [
      ['another origin', { origin: 'http://evil.example' }],
      ['a sibling task', { origin: `http://${'b'.repeat(16)}.tasks.localhost` }],
      ['an origin that begins alike', { origin: 'own.evil.example' }],
      ['https', { origin: 'https' }],
      ['no origin', {}],
    ] as const) {
      it(`are refused from ${name}`, async () => {
        const host = stage.host(task);
        const origin =
          'origin' in headers
            ? headers.origin.replace(/^own/, `http://${host}`).replace(/^https$/, `https://${host}`)
            : undefined;
        const all = { host, cookie, ...(origin === undefined ? {} : { origin }) };
        assert.equal(await refused(stage.webSocket(task, '/', cookie, { headers: all })), 403);
        assert.equal(asked.length, 0);
      });
    }

    it('are refused without entry, at another host, and at paths of ours', async () => {
      assert.equal(await refused(stage.webSocket(task, '/', '')), 401);
      const headers = { host: `x.${stage.host(task)}`, origin: `http://x.${stage.host(task)}`, cookie };
      assert.equal(await refused(stage.webSocket(task, '/', cookie, { headers })), 421);
      assert.equal(await refused(stage.webSocket(task, '/.stele/x', cookie)), 404);
      const platform = { host: `localhost:${stage.platform.port}`, cookie };
      assert.equal(await refused(stage.webSocket(task, '/', cookie, { headers: platform })), 404);
    });

    it('are the only upgrade that is carried', async () => {
      for (const [method, upgrade] of [
        ['GET', 'h2c'],
        ['POST', 'websocket'],
      ]) {
        const socket = connect(stage.platform.port, '127.0.0.1');
        socket.write(
          `${method} / HTTP/1.1\r\nHost: ${stage.host(task)}\r\nCookie: ${cookie}\r\nConnection: Upgrade\r\nUpgrade: ${upgrade}\r\n\r\n`,
        );
        let heard = '';
        for await (const chunk of socket) heard += String(chunk);
        assert.match(heard, /^HTTP\/1.1 501 /);
      }
    });

    it('are so many and no more', async () => {
      const sockets = await Promise.all([1, 2, 3, 4, 5].map(() => opened()));
      assert.equal(await refused(stage.webSocket(task, '/', cookie)), 503);
      sockets[0]?.terminate();
      await until(() => far.clients.size === 4, 'one is closed');
      (await opened()).terminate();
      for (const socket of sockets) socket.terminate();
    });

    it('get a word when the task is not ready', async () => {
      stage.tasks.change(task.key, { isReady: false, phase: 'starting' });
      assert.equal(await refused(stage.webSocket(task, '/', cookie)), 503);
    });

    it('get a word when the task does not answer', async () => {
      stage.tasks.reroute(task.key, () => stage.way(1));
      stage.tasks.change(task.key, {});
      assert.equal(await refused(stage.webSocket(task, '/', cookie)), 503);
    });

    it('end when the client gives up while the task is asked', async () => {
      let far2: Socket | undefined;
      const silent = await stage.task(createServer().on('upgrade', (_req, socket) => (far2 = socket as Socket)));
      const entry = await stage.enter(silent);
      const socket = stage.webSocket(silent, '/', entry);
      await until(() => far2 !== undefined, 'the task is asked');
      socket.terminate();
      far2?.on('error', () => undefined).resume();
      await until(() => far2?.readableEnded === true || far2?.destroyed === true, 'the task knows');
      far2?.destroy();
    });

    it('pause a sender whose reader is slow', async () => {
      const socket = await opened();
      const [end] = [...far.clients];
      assert.ok(end);
      socket.pause();
      let sent = 0;
      const block = randomBytes(1 << 20);
      while (sent < 60 && end.bufferedAmount < 8 << 20) {
        end.send(block);
        sent += 1;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      assert.ok(sent < 60, 'the task was slowed down');
      socket.terminate();
      end.terminate();
    });

    it('have TCP ask after an end that is silent', async () => {
      const socket = await opened();
      assert.equal(hasKeepAlive(stage.platform.port), true);
      if (isDirect) assert.equal(hasKeepAlive(stage.backend().port, 'far'), true);
      socket.terminate();
    });
  });
}

/**
 * Whether the kernel will probe our end of connections to a local port while they are idle, from `/proc/net/tcp`: timer
 * kind 2 is keep-alive. `near`: we accepted the connection; `far`: we made it.
 */
function hasKeepAlive(port: number, side: 'near' | 'far' = 'near'): boolean {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
  const own = rows.filter((row) => row[side === 'near' ? 1 : 2]?.endsWith(suffix) === true && row[3] === '01');
  return own.some((row) => row[5]?.startsWith('02:') === true);
}
