import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { lendingSize } from '@stele/sdk';
import { eventually, skip } from '@stele/sdk/testing';
import { Contents } from './contents.ts';

type Handle = Parameters<Contents['over']>[0];
type Request = Parameters<Handle>[0];

const mebibyte = 1024 ** 2;
const ok = (length: number): string => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`;

/** Says what it is told to, to one request after the other. */
class Store implements AsyncDisposable {
  readonly requests: string[] = [];
  readonly sockets: TLSSocket[] = [];
  readonly #server: Server;
  readonly #answers: ((socket: TLSSocket) => void)[];

  constructor(tls: { key: string; cert: string }, answers: readonly (string | ((socket: TLSSocket) => void))[]) {
    this.#answers = answers.map((answer) => (typeof answer === 'string' ? (socket) => socket.write(answer) : answer));
    this.#server = createServer(tls, (socket) => {
      this.sockets.push(socket);
      socket.on('error', () => undefined);
      socket.on('data', (text) => {
        this.requests.push(text.toString());
        this.#answers.shift()?.(socket);
      });
    });
  }

  async listen(): Promise<number> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

describe('bytes of objects, by TLS', () => {
  let tls: { key: string; cert: string };
  let store: Store;
  let contents: Contents;
  let get: (signal?: AbortSignal, headers?: Record<string, string>) => Promise<Readable>;
  let others = 0;

  before(function () {
    const pair = certificate();
    if (pair === undefined) return skip(this, 'openssl makes no certificate here');
    tls = pair;
  });
  const answering = async (...answers: readonly (string | ((socket: TLSSocket) => void))[]): Promise<void> => {
    store = new Store(tls, answers);
    const port = await store.listen();
    contents = new Contents({ ca: tls.cert });
    others = 0;
    const other: Handle = async () => {
      others += 1;
      return { response: { statusCode: 200, headers: {}, body: undefined } };
    };
    const handle = contents.over(other);
    get = async (signal, headers = {}) => {
      const [protocol, hostname, query] = ['https:', '127.0.0.1', { 'x-id': 'GetObject' }];
      const request = { protocol, hostname, port, method: 'GET', path: '/b/k', query, headers };
      const options = signal === undefined ? {} : { abortSignal: signal };
      return (await handle(request as unknown as Request, options)).response.body as Readable;
    };
  };
  afterEach(async () => {
    contents[Symbol.dispose]();
    await store[Symbol.asyncDispose]();
  });
  const textOf = async (body: Readable): Promise<string> => Buffer.concat(await body.toArray()).toString();
  const isBroken = { code: 'ECONNRESET' };

  it('come in large pieces, one object after the other on a connection', async () => {
    const bytes = Buffer.alloc(mebibyte, 'stele');
    const all = (socket: TLSSocket): unknown => socket.write(ok(bytes.length)) && socket.write(bytes);
    await answering(`HTTP/1.1 100 Continue\r\n\r\n${ok(4)}abcd`, ok(0), all, all);
    assert.equal(await textOf(await get()), 'abcd');
    assert.equal(await textOf(await get()), '');
    for (const body of [await get(), await get()]) {
      const chunks = (await body.toArray()) as Buffer[];
      assert(Buffer.concat(chunks).equals(bytes));
      assert(chunks.length <= (2 * bytes.length) / lendingSize, `${chunks.length} chunks`);
    }
    assert.equal(store.requests[0], 'GET /b/k?x-id=GetObject HTTP/1.1\r\n\r\n');
    // The last two at a time.
    assert.deepEqual([store.sockets.length, others], [2, 0]);
  });

  it('are read no faster than they are taken', async () => {
    await answering((socket) => socket.write(ok(64 * mebibyte)) && socket.write(Buffer.alloc(64 * mebibyte)));
    const body = await get();
    await once(body, 'readable');
    await sleep(100);
    assert(body.readableLength <= 4 * lendingSize, `${body.readableLength} bytes are waiting`);
    let size = 0;
    for await (const chunk of body) size += (chunk as Buffer).length;
    assert.equal(size, 64 * mebibyte);
  });

  it('leave a connection that can be read, also when its reader was slow at the end', async () => {
    const length = lendingSize + 100;
    await answering((socket) => socket.write(Buffer.concat([Buffer.from(ok(length)), Buffer.alloc(length)])), ok(0));
    const body = await get();
    await eventually('all has come', async () => body.readableLength === length);
    assert.equal((await textOf(body)).length, length);
    assert.equal(await textOf(await get(AbortSignal.timeout(2_000))), '');
    assert.equal(store.sockets.length, 1);
  });

  it('that trickle aren’t held back for long', async () => {
    await answering(`${ok(4)}ab`);
    const body = await get();
    const [first] = (await once(body, 'data')) as [Buffer];
    assert.equal(first.toString(), 'ab');
    store.sockets[0]?.write('cd');
    assert.equal(await textOf(body), 'cd');
  });

  it('that don’t say how many they are are left to the other way, from then on', async () => {
    await answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n');
    for (const _ of [1, 2]) assert.equal(await get(), undefined);
    assert.deepEqual([others, store.requests.length], [2, 1]);
  });

  it('are asked for this way after a refusal that doesn’t say how long it is', async () => {
    await answering('HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', `${ok(1)}a`);
    assert.equal(await get(), undefined);
    assert.equal(await textOf(await get()), 'a');
    assert.deepEqual([others, store.requests.length], [1, 2]);
  });

  it('are asked for once more where a kept connection was closed meanwhile', async () => {
    await answering(`${ok(1)}a`, (socket) => socket.destroy(), `${ok(1)}b`);
    assert.equal(await textOf(await get()), 'a');
    assert.equal(await textOf(await get()), 'b');
    assert.equal(store.sockets.length, 2);
  });

  it('that are cut end with an error, before the first as well', async () => {
    await answering(
      (socket) => socket.end(`${ok(9)}abc`),
      (socket) => socket.destroy(),
    );
    await assert.rejects(textOf(await get()), isBroken);
    await assert.rejects(get(), isBroken);
  });

  it('that nobody wants any more end their connection', async () => {
    await answering(`${ok(9)}abc`, `${ok(9)}abc`, () => undefined);
    (await get()).destroy();
    const giveUp = new AbortController();
    const body = await get(giveUp.signal);
    giveUp.abort();
    await assert.rejects(textOf(body), { name: 'AbortError' });
    await assert.rejects(get(AbortSignal.timeout(50)), { name: 'AbortError' });
    await eventually('all are closed', async () => store.sockets.every(({ destroyed }) => destroyed));
  });

  for (const [what, answer] of [
    ['something else than HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
    ['a beginning without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(70_000)}`],
  ] as const) {
    it(`are not looked for in ${what}`, async () => {
      await answering(answer);
      await assert.rejects(get(), /no answer by HTTP/);
      await eventually('it is closed', async () => store.sockets.every(({ destroyed }) => destroyed));
    });
  }

  it('end where they were to end; on a connection that says more nothing is asked again', async () => {
    await answering(`${ok(2)}ab${ok(2)}xx`, `${ok(2)}cd`);
    assert.equal(await textOf(await get()), 'ab');
    assert.equal(await textOf(await get()), 'cd');
    assert.equal(store.sockets.length, 2);
  });

  it('are not asked for by what would be two requests', async () => {
    await answering();
    await assert.rejects(get(undefined, { a: 'b\r\nc: d' }), TypeError);
    assert.equal(store.sockets.length, 0);
  });
});

/** A key and its certificate, which vouches for itself. */
function certificate(): { key: string; cert: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'stele-s3-'));
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const subject = ['-subj', '/CN=bed', '-addext', 'subjectAltName=IP:127.0.0.1'];
    execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
