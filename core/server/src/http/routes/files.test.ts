import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { addAbortSignal, PassThrough, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { borrow, type ByteRange, lend, lendingSize } from '@stele/sdk';
import { chunksUntil } from '@stele/sdk/trees';
import Koa from 'koa';
import { testLog } from '../../model/testing.ts';
import type { Storages } from '../../storage/index.ts';
import { fileRoutes } from './files.ts';

const forged = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged';

/** A file that grows while it is read: it has so many bytes when it is looked at, and more a moment later. */
function growing(text: string) {
  return {
    stat: async () => ({ name: 'f', path: 'f', kind: 'file', size: text.length, modifiedAt: '', mode: 0o644 }),
    read: async (_path: string, range?: ByteRange) => {
      const whole = text + forged;
      const end = range?.end === undefined ? whole.length : range.end + 1;
      const pieces = [whole.slice(range?.start ?? 0, Math.min(end, text.length)), whole.slice(text.length, end)];
      return Readable.from(late(pieces), { objectMode: false });
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function* late([first = '', rest = '']: readonly string[]): AsyncGenerator<Buffer> {
  if (first !== '') yield Buffer.from(first);
  await sleep(100);
  if (rest !== '') yield Buffer.from(rest);
}

const viewer = { id: 'u', username: 'ada', role: 'standard', groups: [] } as const;

/** The route of files' bytes; `allowed` aborts with the session of whoever asks. */
function contentRoute(method: string, tree: object, allowed: AbortSignal) {
  const storages = { open: async () => tree } as unknown as Storages;
  const listenerOf = (_: unknown, __: unknown, leaving: AbortSignal) => {
    return { viewer: () => viewer, signal: AbortSignal.any([leaving, allowed]) };
  };
  const routes = fileRoutes(storages, listenerOf, testLog).filter(({ path }) => path.endsWith('/content'));
  return routes.find((route) => route.method === method);
}

/** Gives a file to whoever asks. */
function serve(tree: object): Server {
  const route = contentRoute('GET', tree, new AbortController().signal);
  const app = new Koa().use(async (koa) => {
    if (koa.path === '/next') return void (koa.body = 'next');
    const { signal } = new AbortController();
    const request = { viewer, params: { id: 'i' }, query: { path: 'f' }, signal, koa };
    koa.body = await route?.handle(request as never);
  });
  return createServer(app.callback()).listen(0, '127.0.0.1');
}

describe('a download', () => {
  for (const text of ['', 'x', 'hello']) {
    it(`of a file that grows meanwhile has the ${text.length} bytes that it says, and no more`, async () => {
      const server = serve(growing(text));
      await once(server, 'listening');
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      let answer = '';
      socket.on('data', (chunk) => (answer += String(chunk)));
      // As a reverse proxy does, which has one connection for many people.
      socket.write('GET /content HTTP/1.1\r\nHost: x\r\n\r\nGET /next HTTP/1.1\r\nHost: x\r\n\r\n');
      await sleep(400);
      socket.destroy();
      server.close();
      assert(!answer.includes('forged'), answer);
      assert.match(
        answer,
        new RegExp(`Content-Length: ${text.length}\\r\\n[^]*\\r\\n\\r\\n${text}HTTP/1.1 200[^]*next$`),
      );
    });
  }

  it('gives memory that was lent back when it is sent, and not before', async () => {
    const pieces = ['a', 'b', 'c'].map((letter) => lend(borrow().fill(letter), lendingSize));
    const expected = Buffer.concat(pieces);
    const read = async () => Readable.from(pieces, { objectMode: false });
    const server = serve({ ...growing(expected.toString()), read });
    await once(server, 'listening');
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/content`);
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), expected);
    server.close();
    const again = pieces.map(() => borrow().buffer);
    assert.deepEqual(new Set(again), new Set(pieces.map(({ buffer }) => buffer)));
  });
});

describe('a session that ends', () => {
  const koa = { get: () => '', set: () => undefined, request: {}, res: { write: () => true } };
  const handle = (method: string, tree: object, allowed: AbortSignal, more: object = {}) => {
    const { signal } = new AbortController();
    const request = { viewer, params: { id: 'i' }, query: { path: 'f' }, signal, koa: { ...koa, ...more } };
    return contentRoute(method, tree, allowed)?.handle(request as never);
  };

  it('cuts a download, and closes the storage', async () => {
    const over = new AbortController();
    const closed = Promise.withResolvers<void>();
    const tree = {
      ...growing('hello'),
      read: async (_path: string, _range: ByteRange, signal: AbortSignal) => addAbortSignal(signal, new PassThrough()),
      [Symbol.asyncDispose]: async () => closed.resolve(),
    };
    const content = (await handle('GET', tree, over.signal)) as Readable;
    over.abort();
    await assert.rejects(content.toArray(), { name: 'AbortError' });
    await closed.promise;
  });

  it('ends an upload, and tells whoever sends it why', async () => {
    const over = new AbortController();
    const write = async (_path: string, content: AsyncIterable<Uint8Array>, _: unknown, signal: AbortSignal) =>
      Array.fromAsync(chunksUntil(content, signal));
    const req = Object.assign(new PassThrough(), { complete: false, socket: new PassThrough() });
    const sent = handle('PUT', { ...growing(''), write }, over.signal, { req });
    req.write('half of a f');
    setImmediate(() => over.abort());
    await assert.rejects(sent as Promise<unknown>, { code: 'UNAUTHENTICATED' });
    req.destroy();
  });
});
