import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttp } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Http } from './http.ts';

const forever = new AbortController().signal;

async function dial(port: number): Promise<Duplex> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function withServer<T>(server: Server, use: (port: number) => Promise<T>): Promise<T> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

function answering(answer: (socket: Socket) => void): Server {
  return createServer((socket) => {
    socket.on('error', () => undefined);
    answer(socket);
  });
}

describe('probe of a web application', () => {
  const http = new Http('http');
  const https = new Http('https');

  for (const [status, isReady] of [
    [200, true],
    [204, true],
    [302, true],
    [401, true],
    [403, true],
    [404, true],
    [500, false],
    [503, false],
  ] as const) {
    it(`${isReady ? 'is ready' : 'waits'} at ${status}`, async () => {
      const server = createHttp((_request, response) => void response.writeHead(status).end());
      const result = await withServer(server, (port) => http.probe(() => dial(port), forever));
      assert.equal(result.isReady, isReady);
      if (!isReady) assert.match(result.reason ?? '', new RegExp(String(status)));
    });
  }

  it('needs no more than the first line of an endless answer', async () => {
    const server = createHttp((_request, response) => {
      response.writeHead(200);
      const more = setInterval(() => response.write('x'.repeat(1_000)), 1);
      response.on('close', () => clearInterval(more));
    });
    assert.deepEqual(await withServer(server, (port) => http.probe(() => dial(port), forever)), { isReady: true });
  });

  for (const [what, answer, reason] of [
    ['closes at once', (socket: Socket) => socket.end(), /without an answer/],
    ['resets', (socket: Socket) => socket.resetAndDestroy(), /without an answer/],
    ['speaks something else', (socket: Socket) => socket.write('SSH-2.0-x\r\n'), /doesn’t speak HTTP: “SSH-2\.0-x\.”/],
    ['pours without a line', (socket: Socket) => socket.write('x'.repeat(1_000_000)), /doesn’t speak HTTP/],
    ['answers with control characters', (socket: Socket) => socket.write('\u001b[2J\n'), /“\.\[2J”/],
  ] as const) {
    it(`tells of a task that ${what}`, async () => {
      const result = await withServer(answering(answer), (port) => http.probe(() => dial(port), forever));
      assert.equal(result.isReady, false);
      assert.match(result.reason ?? '', reason);
    });
  }

  it('tells of a task that listens and is silent', async () => {
    const result = await withServer(
      answering(() => undefined),
      (port) => http.probe(() => dial(port), forever),
    );
    assert.deepEqual(result, { isReady: false, reason: 'It didn’t answer within 3 s.' });
  });

  it('tells of a port where nothing listens', async () => {
    assert.deepEqual(await http.probe(() => dial(1), forever), {
      isReady: false,
      reason: 'Nothing listens there yet.',
    });
  });

  it('gives up with its caller, also where dialling never ends', async () => {
    const result = await http.probe(() => new Promise<never>(() => undefined), AbortSignal.timeout(50));
    assert.equal(result.isReady, false);
  });

  it('says so where TLS is expected and not spoken', async () => {
    const server = createHttp((_request, response) => void response.end());
    const result = await withServer(server, (port) => https.probe(() => dial(port), forever));
    assert.deepEqual(result, { isReady: false, reason: 'It doesn’t speak TLS.' });
  });
});
