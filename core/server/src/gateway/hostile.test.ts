import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Stage } from './testing/stage.ts';

const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

/** What a task says, and the statuses that a reader, a writer and a WebSocket get; 0: cut off without a head. */
const table: readonly (readonly [what: string, said: string, statuses: readonly [number, number, number]])[] = [
  ['a chunk that is none', `${chunked}zz\r\n`, [200, 200, 0]],
  ['half a body', 'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nhalf', [200, 200, 200]],
  ['a body where there is none', 'HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\nhello', [204, 204, 204]],
  ['a body with what has not changed', 'HTTP/1.1 304 No\r\nContent-Length: 5\r\n\r\nhello', [304, 304, 304]],
  ['a second answer', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\nEVIL', [200, 200, 200]],
  [
    'two lengths',
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    [502, 502, 502],
  ],
  ['a switch', 'HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n', [502, 502, 101]],
  ['a cookie in disguise', 'HTTP/1.1 200 OK\r\nX: a\rSet-Cookie: EVIL=1\r\nContent-Length: 0\r\n\r\n', [502, 502, 502]],
  ['a status of no kind', 'HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n', [502, 502, 0]],
  ['control characters', 'HTTP/1.1 200 a\x7f\r\nContent-Length: 0\r\n\r\n', [502, 502, 0]],
  ['nothing', '', [502, 502, 502]],
];

describe('a hostile client', () => {
  it('that leaves HTTP before it was answered is cut off, and harms nobody else', async () => {
    await using stage = await Stage.open();
    const task = await stage.task(() => undefined);
    const cookie = await stage.enter(task);
    const hosts = [`localhost:${stage.platform.port}`, `x.tasks.localhost:${stage.platform.port}`, stage.host(task)];
    for (const host of hosts) {
      const who = `HTTP/1.1\r\nHost: ${stage.host(task)}\r\nCookie: ${cookie}\r\n`;
      const leave = `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;
      const socket = connect(stage.platform.port, '127.0.0.1');
      socket.on('error', () => undefined).write(`GET / ${who}\r\n${leave}`);
      assert.equal(Buffer.concat(await socket.toArray().catch(() => [])).toString(), '');
    }
  });
});

for (const isDirect of [true, false]) {
  describe(`a hostile task ${isDirect ? 'nearby' : 'far away'}`, () => {
    let stage: Stage;
    let said = '';
    let ask: (head: string, body?: string) => Promise<string>;

    before(async () => {
      stage = await Stage.open({ isDirect });
      const server = createServer().removeAllListeners('connection');
      server.on('connection', (socket: Socket) => {
        socket.on('error', () => undefined).once('data', () => socket.end(said, 'latin1'));
      });
      const task = await stage.task(server);
      const who = `Host: ${stage.host(task)}\r\nCookie: ${await stage.enter(task)}\r\nOrigin: http://${stage.host(task)}\r\n`;
      ask = async (head, body = '') => {
        const socket = connect({ port: stage.platform.port, host: '127.0.0.1', allowHalfOpen: true });
        socket.write(`${head} HTTP/1.1\r\n${who}${body}`.replace('HTTP/1.1\r\n', 'HTTP/1.1\r\nAccept: */*\r\n'));
        const chunks: Buffer[] = [];
        socket.on('error', () => undefined).on('data', (chunk: Buffer) => chunks.push(chunk));
        await new Promise((resolve) => socket.once('close', resolve).once('end', () => socket.destroy()));
        return Buffer.concat(chunks).toString('latin1');
      };
    });
    after(() => stage[Symbol.asyncDispose]());

    for (const [what, text, statuses] of table) {
      it(`that says ${what} harms nobody else`, async () => {
        said = text;
        const answers = await Promise.all([
          ask('GET /', 'Connection: close\r\n\r\n'),
          ask('POST /', 'Connection: close\r\nContent-Length: 1\r\n\r\nx'),
          ask('GET /', 'Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
        ]);
        assert.deepEqual(
          answers.map((answer) => Number(answer.slice(9, 12))),
          statuses,
        );
        for (const answer of answers) assert.doesNotMatch(answer, /EVIL/);
      });
    }

    it('that gives leave to send again and again gives it once', async () => {
      said = `${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(20)}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n`;
      const answer = await ask('POST /', 'Connection: close\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx');
      assert.equal(answer.match(/HTTP\/1\.1 100/g)?.length, 1);
      assert.match(answer, /HTTP\/1\.1 200/);
    });
  });
}
