import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type AccessKeys, accessKeysSchema, type StorageResource } from '@stele/sdk';
import { inTime, rejectsWith, testCall } from '@stele/sdk/testing';
import { Room } from './ahead.ts';
import { type BucketRequests, totalIn } from './bucket.ts';
import { makeClient } from './client.ts';
import { fingerprintOf, newClients } from './clients.ts';
import { confOf, confSchema } from './conf.ts';
import { rangesOf } from './copy.ts';
import { eachOf } from './each-of.ts';
import { checkEndpoint, isOffLimits } from './endpoint.ts';
import { entriesOf } from './folder.ts';
import { beginningOf, joined } from './pieces.ts';
import { checked, read, spansOf } from './read.ts';
import { S3 } from './s3.ts';
import { partSizeFor } from './write.ts';

const mebibyte = 1024 ** 2;

describe('parts of an upload', () => {
  for (const [size, part] of [
    [0, 8],
    [undefined, 16],
    [70_000 * mebibyte, 8],
    [100_000 * mebibyte, 11],
    [5 * 1024 ** 4, 525],
  ] as const) {
    it(`of ${size ?? 'unknown'} bytes have ${part} MiB`, () => assert.equal(partSizeFor(size), part * mebibyte));
  }
  it('are never more than a store takes', () => {
    for (let size = 1; size < 5 * 1024 ** 4; size *= 3) assert(Math.ceil(size / partSizeFor(size)) <= 10_000);
  });
});

describe('the beginning of an upload', () => {
  async function* chunks(...sizes: number[]): AsyncGenerator<Uint8Array, void, undefined> {
    for (const size of sizes) yield new Uint8Array(size);
  }
  for (const [sizes, isAll] of [
    [[], true],
    [[3, 0, 5], true],
    [[8, 1], false],
    [[9, 1, 1], false],
  ] as const) {
    it(`of ${sizes.join(' + ') || 'no'} bytes is ${isAll ? '' : 'not '}all of up to 8, and nothing of it is lost`, async () => {
      const content = chunks(...sizes);
      const beginning = await beginningOf(content, 8);
      assert.equal(beginning.isAll, isAll);
      const all = await Array.fromAsync(joined(beginning.chunks, content));
      assert.deepEqual(
        all.map(({ length }) => length),
        sizes,
      );
    });
  }
});

describe('ranges', () => {
  it('of a copy touch, and end with the object', () => {
    assert.deepEqual(
      rangesOf(11, 5).map(({ number, range }) => `${number} ${range}`),
      ['1 bytes=0-4', '2 bytes=5-9', '3 bytes=10-10'],
    );
    assert.deepEqual(rangesOf(10, 5).length, 2);
  });
  it('of a download are made up of parts', () => {
    assert.deepEqual(
      [...spansOf({ start: 3, end: 12 }, 4)].map(({ start, end }) => `${start}-${end}`),
      ['3-6', '7-10', '11-12'],
    );
    assert.deepEqual([...spansOf({ start: 3, end: 2 }, 4)], []);
  });
  it('of a download that are none are refused', () => {
    assert.deepEqual([checked(undefined), checked({ start: 3, end: 3 })], [{ start: 0 }, { start: 3, end: 3 }]);
    for (const range of [{ start: -1 }, { start: 0.5 }, { start: 5, end: 4 }]) {
      assert.throws(() => checked(range), { code: 'INVALID', field: 'range' });
    }
  });
  const answers = [
    ['all of it where a part was asked for', { start: 5 }, { isRange: false, total: undefined }],
    ['all of it where its beginning was asked for', { start: 0, end: 5 }, { isRange: false, total: undefined }],
    ['a part, and not how much there is', undefined, { isRange: true, total: undefined }],
  ] as const;
  for (const [what, range, answer] of answers) {
    it(`of a download are refused where the store gives ${what}`, async () => {
      const body = Readable.from([Buffer.alloc(8)]);
      const bucket = { get: async () => ({ body, tag: 'one', ...answer }) } as unknown as BucketRequests;
      const at = { path: 'a', key: 'a', folder: 'a/' };
      await rejectsWith('PROTOCOL', read(bucket, at, range, new Room(0), inTime(5_000)));
      assert(body.destroyed);
    });
  }
  it('say how long the whole is', () => {
    const answers = ['bytes 0-9/100', 'bytes 0-9/*', 'bytes */100', undefined];
    assert.deepEqual(answers.map(totalIn), [100, undefined, undefined, undefined]);
  });
});

describe('entries of a folder', () => {
  it('are decoded, its own mark and nothing else left out', () => {
    const LastModified = new Date('2026-01-01T00:00:00.700Z');
    const output = {
      $metadata: {},
      EncodingType: 'url' as const,
      CommonPrefixes: [{ Prefix: 'a/b+c/' }, { Prefix: 'a//' }],
      Contents: [
        { Key: 'a/', Size: 0 },
        { Key: 'a/%01', Size: 1, LastModified },
        { Key: 'a/b+c', Size: 2 },
      ],
    };
    assert.deepEqual(entriesOf(output, { path: 'p/a', key: 'a', folder: 'a/' }), [
      { name: 'b c', path: 'p/a/b c', kind: 'folder', size: 0 },
      { name: '(no name)', path: 'p/a//', kind: 'other', size: 0 },
      { name: '\u0001', path: 'p/a/\u0001', kind: 'file', size: 1, modifiedAt: '2026-01-01T00:00:00.000Z' },
      { name: 'b c (object)', path: 'p/a/b c/', kind: 'other', size: 0 },
    ]);
  });
});

describe('endpoints', () => {
  const settings = { endpoints: [] as string[], plainHttp: false };
  const at = (endpoint: string) => confOf({ endpoint, bucket: 'b' });
  const denied = { code: 'DENIED', field: 'conf.endpoint' };

  it('of users are never this machine’s, nor those of metadata', () => {
    const bad = ['127.0.0.1', '127.8.8.8', '0.0.0.0', '169.254.169.254', '::1', 'fe80::1', '::', '::ffff:127.0.0.1'];
    assert.deepEqual(
      bad.filter((address) => !isOffLimits(address)),
      [],
    );
    assert.deepEqual(['10.0.0.1', '192.168.1.1', '2001:db8::1', 's3.example.org'].filter(isOffLimits), []);
    assert.throws(() => checkEndpoint(at('https://127.0.0.1:9000'), true, settings), denied);
    assert.equal(checkEndpoint(at('https://127.0.0.1:9000'), false, settings), false);
    assert.equal(checkEndpoint(at('https://s3.example.org'), true, settings), true, 'its addresses are looked at');
  });

  it('of users are those that the operator names, if any', () => {
    const some = { ...settings, endpoints: ['s3.example.org', 'localhost:9000'] };
    const isFree = (endpoint: string) => checkEndpoint(at(endpoint), true, some);
    assert.deepEqual(
      [isFree('https://s3.example.org/'), isFree('https://localhost:9000')],
      [false, false],
      'unguarded',
    );
    assert.throws(() => checkEndpoint(at('https://s3.example.org:1'), true, some), denied);
    assert.throws(() => checkEndpoint(confOf({ bucket: 'b' }), true, some), denied);
    checkEndpoint(at('https://other.example.org'), false, some);
  });

  it('without TLS are for operators to allow', () => {
    assert.throws(() => checkEndpoint(at('http://s3.example.org'), false, settings), denied);
    checkEndpoint(at('http://s3.example.org'), false, { ...settings, plainHttp: true });
  });
});

describe('settings', () => {
  const ajv = new Ajv2020({ strict: false });
  const isValid = ajv.compile(confSchema);
  const areKeys = ajv.compile(accessKeysSchema);

  it('take what a bucket is', () => {
    for (const conf of [
      { bucket: 'b-1.x' },
      {
        bucket: 'bucket',
        endpoint: 'https://s3.example.org:9000',
        region: 'eu-1',
        prefix: 'a/$USER/b',
        pathStyle: false,
      },
    ]) {
      assert(isValid(conf), JSON.stringify(isValid.errors));
    }
    assert(areKeys({ accessKeyId: 'AKIA', secretAccessKey: 'a/b+c' }));
  });

  for (const wrong of [
    {},
    { bucket: 'a/b' },
    { bucket: '..' },
    { bucket: 'bbb', endpoint: 'ftp://x' },
    { bucket: 'bbb', endpoint: 'https://user@x' },
    { bucket: 'bbb', endpoint: 'https://x/path' },
    { bucket: 'bbb', prefix: '../x' },
    { bucket: 'bbb', prefix: '$HOME' },
    { bucket: 'bbb', prefix: '/a' },
    { bucket: 'bbb', ca: 'x' },
    { bucket: 'bbb', other: 1 },
  ]) {
    it(`refuse ${JSON.stringify(wrong)}`, () => assert(!isValid(wrong)));
  }
});

describe('clients', () => {
  const settings = { endpoint: 'https://x', region: 'r', pathStyle: true, ca: undefined, isGuarded: false };
  const keys = { accessKeyId: 'a', secretAccessKey: 's3cr3t' };

  it('are shared by the same settings alone', () => {
    using clients = newClients();
    const clientOf = (own: AccessKeys) => {
      const all = { ...settings, keys: own };
      using lease = clients.take(fingerprintOf(all), () => makeClient(all));
      return lease.thing;
    };
    assert.equal(clientOf(keys), clientOf(keys));
    assert.notEqual(clientOf(keys), clientOf({ ...keys, secretAccessKey: 'other' }));
  });

  it('are not made with what is no certificate, nor with one that is followed by half of another', async () => {
    const [head, end] = ['-----BEGIN CERTIFICATE-----\n', '-----END CERTIFICATE-----\n'];
    const [good = ''] = rootCertificates;
    for (const ca of [head, `${head}${end}`, `${head}bm9uZQ==\n${end}`, `${good}\n${good.slice(0, 200)}\n${end}`]) {
      const storage = { conf: { bucket: 'bbb', ca }, auth: 'none' } as unknown as StorageResource;
      using clients = newClients();
      const backend = new S3({
        credentials: { of: assert.fail },
        clients,
        settings: { endpoints: [], plainHttp: false },
      });
      await rejectsWith('INVALID', backend.open(storage, testCall()), 'conf.ca');
    }
  });

  it('are known by a print that tells nothing', () => {
    const print = fingerprintOf({ ...settings, keys });
    assert.match(print, /^[0-9a-f]{64}$/);
    assert.notEqual(print, fingerprintOf({ ...settings, keys, isGuarded: true }));
  });
});

describe('work for each of many', () => {
  it('is done some at a time, and stops at the first failure', async () => {
    let [now, most, done] = [0, 0, 0];
    const work = async (n: number): Promise<void> => {
      most = Math.max(most, (now += 1));
      await sleep(1);
      now -= 1;
      if (n === 7) throw new Error('seven');
      done += 1;
    };
    await assert.rejects(
      eachOf(
        Array.from({ length: 100 }, (_, n) => n),
        3,
        work,
      ),
      /seven/,
    );
    assert.equal(most, 3);
    assert(done < 12 && now === 0, `${done} done, ${now} under way`);
  });
});
