import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, type RequestListener, createServer, request } from 'node:http';
import { connect } from 'node:net';
import type { GatewayTask } from './index.ts';
import { blocks, digest } from './testing/bytes.ts';
import { type Answer, type Question, Stage, TestServer, until } from './testing/stage.ts';

const hundredMegabytes = 1600;

for (const isDirect of [true, false]) {
  describe(`traffic of a task reached ${isDirect ? 'directly' : 'by dialling'}`, () => {
    let stage: Stage;
    let task: GatewayTask;
    let cookie: string;
    beforeEach(async () => {
      stage = await Stage.open({ isDirect });
    });
    afterEach(async () => {
      await stage[Symbol.asyncDispose]();
      await until(() => stage.dialer.open.size === 0, 'all dialled streams closed');
    });

    const run = async (listener: RequestListener): Promise<void> => {
      task = await stage.task(listener);
      cookie = await stage.enter(task);
    };
    const ask = (path: string, question: Question = {}): Promise<Answer> =>
      stage.ask(task, path, { cookie, ...question });
    const open = (path: string, question: Question = {}): Promise<IncomingMessage> =>
      stage.open(task, path, { cookie, ...question });

    it('streams 100 MB down, unharmed', async () => {
      await run((_req, res) => blocks(hundredMegabytes).pipe(res));
      assert.equal(await digest(await open('/')), await digest(blocks(hundredMegabytes)));
    }).timeout(30_000);

    it('streams 100 MB up, unharmed, with and without a length', async () => {
      await run((req, res) => void digest(req).then((text) => res.end(text)));
      const expected = await digest(blocks(hundredMegabytes));
      const framings: Record<string, string>[] = [
        { 'content-length': String(hundredMegabytes * 65_536) },
        { 'transfer-encoding': 'chunked' },
      ];
      for (const headers of framings) {
        const answer = await ask('/', { method: 'PUT', body: blocks(hundredMegabytes), headers });
        assert.equal(answer.body, expected);
      }
    }).timeout(60_000);

    it('says the one-time password for its users, unless they say who they are', async () => {
      await run((req, res) => res.end(req.headers.authorization));
      stage.tasks.authorizations.set(task.key, 'Basic b25lOnRpbWU=');
      assert.equal((await ask('/')).body, 'Basic b25lOnRpbWU=');
      assert.equal((await ask('/', { method: 'POST', body: 'x' })).body, 'Basic b25lOnRpbWU=');
      assert.equal((await ask('/', { headers: { Authorization: 'Bearer own' } })).body, 'Bearer own');
    });

    it('goes at the pace of a slow reader', async () => {
      let sent = 0;
      await run((_req, res) => {
        const source = blocks(hundredMegabytes);
        source.on('data', (chunk: Buffer) => (sent += chunk.length));
        source.pipe(res);
      });
      const answer = await open('/');
      answer.pause();
      await until(() => sent > 0, 'the task has sent something');
      let before = -1;
      while (before !== sent) {
        before = sent;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.ok(sent < 40_000_000, `${sent} bytes were sent to a client that reads none`);
      answer.destroy();
    });

    it('passes heads, statuses and repeated headers as they are', async () => {
      await run((req, res) => {
        if (req.url === '/304') return void res.writeHead(304, { ETag: '"x"' }).end();
        if (req.url === '/204') return void res.writeHead(204).end();
        res.writeHead(418, 'Short And Stout', [
          ['X-Twice', '1'],
          ['x-twice', '2'],
          ['Content-Length', '5'],
        ]);
        res.end('hello');
      });
      const answer = await ask('/');
      assert.equal(answer.status, 418);
      assert.deepEqual(
        answer.raw.filter((_, i) => /^x-twice$/i.test(answer.raw[i - (i % 2)] ?? '')),
        ['X-Twice', '1', 'x-twice', '2'],
      );
      const headOnly = await ask('/', { method: 'HEAD' });
      assert.deepEqual([headOnly.status, headOnly.headers['content-length'], headOnly.body], [418, '5', '']);
      assert.equal((await ask('/304')).headers.etag, '"x"');
      assert.equal((await ask('/204')).body, '');
    });

    it('passes ranges', async () => {
      await run((req, res) => {
        res.writeHead(206, { 'Content-Range': 'bytes 2-4/10', 'X-Asked': req.headers.range });
        res.end('cde');
      });
      const answer = await ask('/', { headers: { range: 'bytes=2-4' } });
      assert.deepEqual(
        [answer.status, answer.headers['content-range'], answer.headers['x-asked'], answer.body],
        [206, 'bytes 2-4/10', 'bytes=2-4', 'cde'],
      );
    });

    it('passes each event of an event stream when it happens, and the head before the first', async () => {
      let send: ((text: string) => void) | undefined;
      await run((_req, res) => {
        res.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
        send = (text) => res.write(text);
      });
      const answer = await open('/');
      for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
        send?.(event);
        const [chunk] = (await once(answer, 'data')) as [Buffer];
        assert.equal(chunk.toString(), event);
      }
      answer.destroy();
    });

    it('tells the task that the client has left, in an answer', async () => {
      let hasLeft = false;
      await run((_req, res) => {
        res.write('x');
        res.on('close', () => (hasLeft = true));
      });
      const answer = await open('/');
      await once(answer, 'data');
      answer.destroy();
      await until(() => hasLeft, 'the task knows');
    });

    it('tells the task that the client has left, before any answer', async () => {
      let state = 'none';
      await run((_req, res) => {
        state = 'asked';
        res.on('close', () => (state = 'left'));
      });
      const out = request({
        host: '127.0.0.1',
        port: stage.platform.port,
        headers: { host: stage.host(task), cookie },
      });
      out.on('error', () => undefined).end();
      await until(() => state === 'asked', 'the task is asked');
      out.destroy();
      await until(() => state === 'left', 'the task knows');
    });

    it('tells the task that the client has left, in an upload', async () => {
      let state = 'none';
      await run((req) => {
        req.on('data', () => (state = 'receives'));
        req.on('aborted', () => (state = 'left'));
      });
      const headers = { host: stage.host(task), cookie, 'content-length': '1000000' };
      const out = request({ host: '127.0.0.1', port: stage.platform.port, method: 'POST', headers });
      out.on('error', () => undefined).write('x');
      await until(() => state === 'receives', 'the task receives');
      out.destroy();
      await until(() => state === 'left', 'the task knows');
    });

    it('tells the client that the task broke off', async () => {
      for (const headers of [{ 'Content-Length': '100' }, {}]) {
        await run((_req, res) => {
          res.writeHead(200, headers);
          res.write('half');
          setTimeout(() => res.socket?.destroy(), 20);
        });
        const answer = await open('/');
        await assert.rejects(digest(answer));
        assert.equal(answer.complete, false);
      }
    });

    it('says so when the task closes without an answer', async () => {
      await run((req) => req.socket.destroy());
      const answer = await ask('/', { method: 'POST', body: 'x' });
      assert.deepEqual([answer.status, (JSON.parse(answer.body) as { code: string }).code], [502, 'PROTOCOL']);
    });

    it('says so when the task does not speak HTTP', async () => {
      await run(() => undefined);
      for (const nonsense of [
        'SSH-2.0-x\r\n',
        'HTTP/1.1 99 No\r\n\r\n',
        'HTTP/1.1 200 O\u0001K\r\n\r\n',
        'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      ]) {
        const server = createServer();
        await using backend = await TestServer.listen(undefined, server);
        server.on('connection', (socket) => socket.end(nonsense));
        stage.tasks.reroute(task.key, () => stage.way(backend.port));
        stage.tasks.change(task.key, {});
        assert.equal((await ask('/')).status, 502, nonsense);
      }
    });

    it('brings an early answer to a client that still sends', async () => {
      const question = { method: 'POST', headers: { 'content-length': String(160 * 65_536) } };
      await run((_req, res) => res.writeHead(413).end('too much'));
      const answer = await ask('/', { ...question, body: blocks(160) });
      assert.deepEqual([answer.status, answer.body], [413, 'too much']);
      // A server that closes on unread data resets the connection, and may take its answer back by that.
      await run((_req, res) => res.writeHead(413, { Connection: 'close' }).end('too much'));
      assert.ok([413, 502].includes((await ask('/', { ...question, body: blocks(160) })).status));
    });

    it('keeps a client’s connection after the task has closed its own', async () => {
      await run((_req, res) => res.writeHead(200, { Connection: 'close' }).end('x'));
      assert.equal((await ask('/')).headers.connection, 'close'); // The test's client asked for that.
      const socket = connect(stage.platform.port, '127.0.0.1');
      for (let i = 0; i < 3; i += 1) {
        socket.write(`GET / HTTP/1.1\r\nHost: ${stage.host(task)}\r\nCookie: ${cookie}\r\n\r\n`);
        const [chunk] = (await once(socket, 'data')) as [Buffer];
        assert.match(chunk.toString(), /^HTTP\/1.1 200 /);
      }
      socket.destroy();
    });

    it('answers an old client', async () => {
      await run((_req, res) => {
        res.write('a');
        res.end('b');
      });
      const socket = connect(stage.platform.port, '127.0.0.1');
      socket.write(`GET / HTTP/1.0\r\nHost: ${stage.host(task)}\r\nCookie: ${cookie}\r\n\r\n`);
      let heard = '';
      for await (const chunk of socket) heard += String(chunk);
      assert.match(heard, /^HTTP\/1.1 200 [^]*\r\n\r\nab$/);
      assert.doesNotMatch(heard, /chunked/i);
    });

    describe('with Expect: 100-continue', () => {
      const upload = (body: string): Promise<{ status: number; hasContinued: boolean; body: string }> =>
        new Promise((resolve, reject) => {
          let hasContinued = false;
          const headers = {
            host: stage.host(task),
            cookie,
            expect: '100-continue',
            'content-length': String(body.length),
          };
          const out = request({ host: '127.0.0.1', port: stage.platform.port, method: 'POST', headers });
          out.on('continue', () => {
            hasContinued = true;
            out.end(body);
          });
          out.on('error', reject).on('response', (answer) => {
            answer.setEncoding('utf8');
            let text = '';
            answer.on('data', (chunk: string) => (text += chunk));
            answer.on('end', () => {
              resolve({ status: answer.statusCode ?? 0, hasContinued, body: text });
              out.destroy();
            });
          });
          out.flushHeaders();
        });

      it('passes the task’s go-ahead, and still none of our cookies', async () => {
        await run((req, res) => {
          void digest(req).then((text) => res.end(`${text.split(' ')[0]} ${JSON.stringify(req.headers)}`));
        });
        const answer = await upload('hello');
        assert.deepEqual([answer.status, answer.hasContinued], [200, true]);
        assert.match(answer.body, /^5 /);
        assert.doesNotMatch(answer.body, /stele-task/);
      });

      it('passes the task’s refusal before the body is sent', async () => {
        await run(() => undefined);
        stage.backend().server.on('checkContinue', (_req, res) => res.writeHead(417).end('no'));
        const answer = await upload('hello');
        assert.deepEqual([answer.status, answer.hasContinued, answer.body], [417, false, 'no']);
      });

      it('refuses without asking for the body who has not entered', async () => {
        await run((_req, res) => res.end());
        cookie = '';
        const answer = await upload('hello');
        assert.deepEqual([answer.status, answer.hasContinued], [401, false]);
      });
    });

    it('is not cut after five minutes', () => {
      assert.equal(stage.platform.server.requestTimeout, 0);
      assert.equal(stage.platform.server.timeout, 0);
      assert.ok(stage.platform.server.headersTimeout > 0);
    });

    it('waits for a place when the task has as many connections as it may', async () => {
      await using narrow = await Stage.open({ isDirect, limits: { socketsPerTask: 3 } });
      let [now, most] = [0, 0];
      const busy = await narrow.task((_req, res) => {
        now += 1;
        most = Math.max(most, now);
        setTimeout(() => {
          now -= 1;
          res.end('x');
        }, 10);
      });
      const entry = await narrow.enter(busy);
      const answers = await Promise.all(Array.from({ length: 20 }, () => narrow.ask(busy, '/', { cookie: entry })));
      assert.ok(answers.every((answer) => answer.body === 'x'));
      assert.equal(most, 3);
    });
  });
}

describe('connections to a task reached directly', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage[Symbol.asyncDispose]());

  it('are used again', async () => {
    const task = await stage.task((_req, res) => res.end('x'));
    const cookie = await stage.enter(task);
    for (let i = 0; i < 10; i += 1) await stage.ask(task, '/', { cookie });
    assert.equal(stage.backend().sockets.size, 1);
    assert.equal(stage.tasks.reachCount, 1);
  });

  it('that went stale while idle cost no one an answer', async () => {
    const server = createServer((_req, res) => res.end('x'));
    let requests = 0;
    // Closes the second request's connection the moment it arrives, as a server does whose idle time was just up.
    server.on('connection', (socket) =>
      socket.prependListener('data', () => (requests += 1) === 2 && socket.resetAndDestroy()),
    );
    const task = await stage.task(server);
    const cookie = await stage.enter(task);
    for (const method of ['GET', 'DELETE', 'GET'])
      assert.equal((await stage.ask(task, '/', { cookie, method })).body, 'x');
    assert.equal(requests, 4);
  });

  it('that went stale are no reason to send twice what may not be', async () => {
    const server = createServer((_req, res) => res.end('x'));
    let requests = 0;
    server.on('connection', (socket) =>
      socket.prependListener('data', () => (requests += 1) > 1 && socket.resetAndDestroy()),
    );
    const task = await stage.task(server);
    const cookie = await stage.enter(task);
    assert.equal((await stage.ask(task, '/', { cookie })).status, 200);
    assert.equal((await stage.ask(task, '/', { cookie, method: 'POST', body: 'x' })).status, 502);
    assert.equal(requests, 2);
  });

  it('follow the task when it moves', async () => {
    const task = await stage.task((_req, res) => res.end('old'));
    await stage.task((_req, res) => res.end('new'), { key: 'f'.repeat(16) });
    const cookie = await stage.enter(task);
    assert.equal((await stage.ask(task, '/', { cookie })).body, 'old');
    stage.tasks.reroute(task.key, () => stage.way(stage.backend(1).port));
    assert.equal((await stage.ask(task, '/', { cookie })).body, 'old');
    stage.tasks.change(task.key, { reason: 'moved' });
    assert.equal((await stage.ask(task, '/', { cookie })).body, 'new');
    await until(() => stage.backend(0).sockets.size === 0, 'old connections closed');
  });

  it('go on when the task changes and stays where it is', async () => {
    const task = await stage.task((_req, res) => res.end('x'));
    const cookie = await stage.enter(task);
    for (let i = 0; i < 5; i += 1) {
      await stage.ask(task, '/', { cookie });
      stage.tasks.change(task.key, { reason: String(i) });
    }
    assert.equal(stage.backend().sockets.size, 1);
  });
});
