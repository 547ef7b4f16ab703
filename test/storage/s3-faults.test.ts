import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, type JsonObject, type OpenStorage, type StorageResource } from '@stele/sdk';
import { eventually, inTime, rejectsWith, testCall } from '@stele/sdk/testing';
import { skip } from '../e2e/lib/skip.ts';
import { S3 } from '../../plugins/storage/s3/src/server/s3.ts';
import {
  backend,
  bringStore,
  clients,
  credentialsBy,
  guarded,
  keysOf,
  restartStore,
  settings,
  Store,
  storageAt,
} from './s3-world.ts';

const mebibyte = 1024 ** 2;
const never = new AbortController().signal;

/** Bytes that tell where they stand, a mebibyte at a time. */
async function* bytes(mebibytes: number, counted?: (sent: number) => void): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < mebibytes; index += 1) {
    counted?.(index + 1);
    yield Buffer.alloc(mebibyte, index);
  }
}

/** What each mebibyte of a stream tells, which has to be all of one kind. */
async function placesOf(stream: AsyncIterable<Uint8Array>): Promise<number[]> {
  const all = Buffer.concat(await Array.fromAsync(stream));
  return Array.from({ length: all.length / mebibyte }, (_, index) => {
    const [place = -1] = all.subarray(index * mebibyte);
    assert(all.subarray(index * mebibyte, (index + 1) * mebibyte).equals(Buffer.alloc(mebibyte, place)));
    return place;
  });
}

describe('S3 storage, when things go wrong', function () {
  this.timeout(60_000);
  let store: Store;
  let bucket: string;
  let tree: OpenStorage;

  before(async function () {
    this.timeout(300_000);
    const reason = await bringStore();
    if (reason !== undefined) return skip(this, reason);
    store = new Store();
  });
  beforeEach(async () => {
    bucket = await store.makeBucket();
    tree = await backend.open(storageAt(bucket), testCall());
  });
  afterEach(async () => {
    await tree[Symbol.asyncDispose]();
    assert.equal(clients.count, 0);
  });
  after(async () => {
    store?.[Symbol.dispose]();
    clients[Symbol.dispose]();
  });

  const opened = async (storage: StorageResource, names?: Readonly<Record<string, JsonObject>>): Promise<OpenStorage> =>
    (names ? new S3({ credentials: credentialsBy(names), clients, settings }) : backend).open(storage, testCall());
  const listed = async (storage: StorageResource, names?: Readonly<Record<string, JsonObject>>): Promise<unknown> => {
    await using there = await opened(storage, names);
    return await there.list('', {}, inTime(20_000));
  };

  describe('an upload', () => {
    it('in many parts is whole, whether its length was said or not', async () => {
      await tree.write('said', bytes(20), { size: 20 * mebibyte }, never);
      await tree.write('unsaid', bytes(36), {}, never);
      assert.equal((await tree.stat('said', never)).size, 20 * mebibyte);
      const stream = await tree.read('unsaid', { start: 35 * mebibyte - 1, end: 35 * mebibyte }, never);
      assert.deepEqual(
        Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Uint8Array>)),
        Buffer.from([34, 35]),
      );
      await rejectsWith('CONFLICT', tree.write('said', bytes(20), { size: 20 * mebibyte }, never));
      assert.equal(await store.uploads(bucket), 0);
    });

    it('that breaks in the middle leaves neither half a file nor parts', async () => {
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield* bytes(40);
        throw new Error('the browser went away');
      }
      await tree.write('file', bytes(1), {}, never);
      await assert.rejects(tree.write('file', broken(), { overwrite: true, size: 64 * mebibyte }, never));
      await assert.rejects(tree.write('other', broken(), {}, never));
      assert.equal((await tree.stat('file', never)).size, mebibyte);
      assert.deepEqual([await store.keys(bucket), await store.uploads(bucket)], [['file'], 0]);
    });

    it('that is given up in the middle ends soon and leaves nothing', async () => {
      const giveUp = new AbortController();
      async function* slow(): AsyncGenerator<Uint8Array> {
        yield* bytes(20);
        await eventually('parts are on their way', async () => (await store.uploads(bucket)) === 1);
        giveUp.abort();
        await sleep(60_000, undefined, { ref: false });
      }
      await rejectsWith('UNREACHABLE', tree.write('file', slow(), { size: 64 * mebibyte }, giveUp.signal));
      assert.deepEqual([await store.keys(bucket), await store.uploads(bucket)], [[], 0]);
    });
  });

  describe('a download', () => {
    it('is read no faster than it is taken', async () => {
      await tree.write('large', bytes(64), { size: 64 * mebibyte }, never);
      const before = process.memoryUsage.rss();
      const stream = await tree.read('large', undefined, never);
      await once(stream, 'readable');
      await sleep(1_000);
      assert(stream.readableLength < mebibyte, `${stream.readableLength} bytes are waiting`);
      assert(process.memoryUsage.rss() - before < 40 * mebibyte, 'no more than a part of it may be in memory');
      assert.deepEqual(await placesOf(stream as AsyncIterable<Uint8Array>), [...Array(64).keys()]);
    });

    it('of a file that is replaced meanwhile ends with an error, never with bytes of both', async () => {
      await tree.write('large', bytes(24), { size: 24 * mebibyte }, never);
      const stream = await tree.read('large', undefined, never);
      await once(stream, 'readable');
      await tree.write('large', bytes(1), { overwrite: true }, never);
      await rejectsWith(['CONFLICT', 'UNREACHABLE'], placesOf(stream as AsyncIterable<Uint8Array>));
      assert(stream.destroyed);
    });
  });

  describe('a large folder', () => {
    const limit = 100;

    it('shows its first page by two requests, and goes on where that ended', async () => {
      await using large = await backend.open(storageAt('large'), testCall());
      let requests = 0;
      const count = (): unknown => (requests += 1);
      subscribe('http.client.request.start', count);
      const first = await large.list('many', { limit }, never);
      unsubscribe('http.client.request.start', count);
      assert.equal(requests, 2);
      assert.deepEqual([first.items.length, first.total, first.items[0]?.name], [limit, undefined, '000000']);
      const second = await large.list('many', { limit, cursor: first.next ?? '' }, never);
      assert.equal(second.items[0]?.name, '000100');
    });

    it('is removed with all that is in it, a thousand at a time', async () => {
      // A run before this one, in the same bed, has removed them.
      if ((await store.keys('crowded')).length < 1_000) await restartStore();
      await using crowded = await backend.open(storageAt('crowded'), testCall());
      await store.put('crowded', 'crowd-beside');
      await crowded.remove('crowd', inTime(60_000));
      assert.deepEqual(await store.keys('crowded'), ['crowd-beside']);
      await rejectsWith('NOT_FOUND', crowded.remove('crowd', never));
    });
  });

  describe('a folder', () => {
    const names = Array.from({ length: 30 }, (_, n) => `many/${n % 3}/${n}`);

    it('is moved with all that is in it, and nothing beside it', async () => {
      for (const name of [...names, 'many-beside']) await store.put(bucket, name);
      await tree.move('many', 'moved', never);
      const moved = names.map((name) => name.replace('many', 'moved'));
      assert.deepEqual(await store.keys(bucket), [...moved, 'many-beside'].sort());
    });

    it('whose copy is given up leaves neither a part of the copy nor what others put there', async () => {
      for (const name of names) await store.put(bucket, name);
      const giveUp = new AbortController();
      const copying = rejectsWith('UNREACHABLE', tree.copy('many', 'twin', giveUp.signal));
      await eventually('the copy is under way', async () => (await store.keys(bucket)).length > names.length);
      await store.put(bucket, 'twin/other', 'somebody else’s');
      giveUp.abort();
      await copying;
      assert.deepEqual(await store.keys(bucket), [...names, 'twin/other'].sort());
    });
  });

  describe('large objects', () => {
    it('are copied in ranges by the store', async () => {
      const limits = { whole: 6 * mebibyte, part: 5 * mebibyte };
      const small = new S3({ credentials: credentialsBy({ ada: keysOf('x') }), clients, settings }, limits);
      await using there = await small.open(storageAt(bucket), testCall());
      await there.write('large', bytes(12), {}, never);
      const { size } = await there.copy('large', 'twin', never);
      assert.equal(size, 12 * mebibyte);
      const end = await there.read('twin', { start: 12 * mebibyte - 1 }, never);
      assert.deepEqual(Buffer.concat(await Array.fromAsync(end as AsyncIterable<Uint8Array>)), Buffer.from([11]));
      assert.equal(await store.uploads(bucket), 0);
    });
  });

  describe('keys that others made', () => {
    it('are seen where they can’t be paths here, and left alone', async () => {
      for (const key of ['a//b', 'a/../b', 'a/./b', `a/${'x'.repeat(256)}`, 'a/b/c', 'a/b', 'a/d']) {
        await store.put(bucket, key, key);
      }
      const { items } = await tree.list('a', { hidden: true }, never);
      const seen = items.map(({ name, kind }) => [name.slice(0, 10), kind]);
      assert.deepEqual(
        seen.filter(([, kind]) => kind === 'folder'),
        [['b', 'folder']],
      );
      assert.deepEqual(
        seen.filter(([, kind]) => kind === 'file'),
        [['d', 'file']],
      );
      const others = items.filter(({ kind }) => kind === 'other');
      assert.deepEqual(others.map(({ name }) => name.slice(0, 10)).sort(), [
        '(no name)',
        '.',
        '..',
        'b (object)',
        'xxxxxxxxxx',
      ]);
      for (const { path } of others) await rejectsWith('INVALID', tree.remove(path, never));
      assert.equal((await tree.stat('a/b', never)).kind, 'folder');
      await tree.remove('a', never);
      assert.deepEqual(await store.keys(bucket), [], 'with their folder they go');
    });

    it('make folders without a mark, which go with the last of what is in them', async () => {
      await store.put(bucket, 'deep/er/file', 'x');
      assert.equal((await tree.stat('deep/er', never)).kind, 'folder');
      await tree.remove('deep/er/file', never);
      await rejectsWith('NOT_FOUND', tree.stat('deep', never));
    });
  });

  describe('is told apart', () => {
    const fails = async (
      work: Promise<unknown>,
      code: Parameters<typeof rejectsWith>[0],
      words: RegExp,
      field?: string,
    ) => {
      const error = await rejectsWith(code, work);
      assert.match(error.message, words);
      assert.equal(error.field, field);
    };
    const guardedBy = (name: string) => ({ ada: keysOf(name) });
    const behindKeys = () => storageAt('guarded', { endpoint: guarded });

    it('a bucket that is gone, while it is open as well', async () => {
      await tree.write('file', bytes(1), {}, never);
      await store.removeBucket(bucket);
      await fails(tree.list('', {}, never), 'NOT_FOUND', /no bucket “bed-/, 'conf.bucket');
      await fails(tree.stat('file', never), 'NOT_FOUND', /no bucket/, 'conf.bucket');
      await fails(tree.write('file', bytes(1), {}, never), 'NOT_FOUND', /no bucket/, 'conf.bucket');
    });

    it('a store that was restarted: the next call finds it', async () => {
      await restartStore();
      await fails(tree.list('', {}, never), 'NOT_FOUND', /no bucket/, 'conf.bucket');
      await store.makeBucket(bucket);
      assert.deepEqual((await tree.list('', {}, never)).items, []);
    });

    it('a key that nobody knows, and one without the right', async () => {
      await fails(listed(behindKeys(), guardedBy('stranger')), 'DENIED', /does not know/, 'credentials.accessKeyId');
      await listed(behindKeys(), guardedBy('reader'));
      await using there = await opened(behindKeys(), guardedBy('reader'));
      await fails(there.write('file', bytes(1), {}, never), 'DENIED', /may not/);
      await using theirs = await opened(behindKeys(), guardedBy('writer'));
      await theirs.write('file', bytes(1), { overwrite: true }, never);
      await theirs.remove('file', never);
    });

    it('who has entered no keys', async () => {
      await fails(listed(behindKeys(), {}), 'DENIED', /account page/);
    });

    it('an authority that is not trusted, and a name that is not the certificate’s', async () => {
      await fails(listed(storageAt(bucket, { ca: '' })), 'DENIED', /TLS: .*authority/, 'conf.ca');
      const { endpoint } = storageAt(bucket).conf as { endpoint: string };
      const other = endpoint.replace('localhost', '127.0.0.2');
      await fails(listed(storageAt(bucket, { endpoint: other })), 'UNREACHABLE', /TCP: nothing listens/);
    });

    it('a name that leads nowhere, and a port where nobody is', async () => {
      await fails(
        listed(storageAt(bucket, { endpoint: 'https://no-such.invalid' })),
        'UNREACHABLE',
        /DNS/,
        'conf.endpoint',
      );
      await fails(listed(storageAt(bucket, { endpoint: 'https://localhost:1' })), 'UNREACHABLE', /TCP/);
    });

    it('something that speaks no TLS', async () => {
      const plain = createServer((socket) =>
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n').on('error', () => undefined),
      );
      await once(plain.listen(0, '127.0.0.1'), 'listening');
      const { port } = plain.address() as { port: number };
      try {
        const at = storageAt(bucket, { endpoint: `https://127.0.0.1:${port}` });
        await fails(listed(at), 'UNREACHABLE', /TLS: .*does not speak/, 'conf.endpoint');
      } finally {
        plain.close();
      }
    });

    it('an endpoint that is not allowed: without TLS, or a user’s own on this machine', async () => {
      await fails(listed(storageAt(bucket, { endpoint: 'http://localhost:1' })), 'DENIED', /TLS/, 'conf.endpoint');
      for (const endpoint of ['https://localhost:1', 'https://169.254.169.254', 'https://127.0.0.1']) {
        const error = await rejectsWith('DENIED', listed(storageAt(bucket, { endpoint }, { auth: 'user-token' })));
        assert(hasCode(error, 'DENIED') && error.field === 'conf.endpoint', endpoint);
      }
    });
  });
});
