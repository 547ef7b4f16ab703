import assert from 'node:assert/strict';
import { hasCode } from '@stele/sdk';
import { Api } from './api.ts';
import { jsonOf, unframed } from './bodies.ts';
import { curlOf, targetOf } from './request.ts';
import type { Way } from './way.ts';

function frame(kind: number, text: string): Buffer {
  const head = Buffer.alloc(8);
  head[0] = kind;
  head.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([head, Buffer.from(text)]);
}

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

describe('frames of a log', () => {
  const all = Buffer.concat([frame(1, 'grüße\n'), frame(2, ''), frame(2, 'oops\n'), frame(1, 'x'.repeat(300))]);
  for (const size of [1, 7, 8, 9, 64, 10_000]) {
    it(`are taken off, in pieces of ${size}`, async () => {
      const text = Buffer.concat(await Array.fromAsync(unframed(cut(all, size)))).toString();
      assert.equal(text, `grüße\noops\n${'x'.repeat(300)}`);
    });
  }

  it('are missed where there are none', async () => {
    await assert.rejects(Array.fromAsync(unframed(cut(Buffer.from('plain text\n'), 64))), (error) =>
      hasCode(error, 'PROTOCOL'),
    );
  });

  it('are passed on before they are whole', async () => {
    const parts = unframed(cut(frame(1, 'abcdef'), 10));
    assert.equal(String((await parts.next()).value), 'ab');
  });
});

describe('a request', () => {
  const request = {
    method: 'POST',
    path: '/v1.41/a',
    query: { name: 'x y', none: undefined },
    body: { a: 1 },
  } as const;

  it('has a target without what wasn’t said', () => assert.equal(targetOf(request), '/v1.41/a?name=x+y'));

  it('is shown as a command, without headers', () => {
    const secret = { ...request, headers: { 'x-registry-auth': 'canary' } };
    assert.deepEqual(curlOf(secret, { base: 'http://localhost', options: ['--unix-socket', '/s'] }), [
      ...['curl', '--unix-socket', '/s', '--json', '{"a":1}', 'http://localhost/v1.41/a?name=x+y'],
    ]);
    const plain = { method: 'DELETE', path: '/a' } as const;
    assert.deepEqual(curlOf(plain, { base: '', options: [] }), ['curl', '--request', 'DELETE', '/a']);
  });
});

describe('what an engine answers', () => {
  const api = new Api({ name: 'there' } as Way, 'Docker');
  const rows: readonly (readonly [number, string, string, string | undefined])[] = [
    [404, '{"message":"No such container: x"}', 'NOT_FOUND', undefined],
    [404, '{"message":"network x not found: network not found"}', 'NOT_FOUND', undefined],
    [404, '{"message":"No such image: a/b:1"}', 'NOT_FOUND', 'image'],
    [409, '{"message":"Conflict. The container name \\"/x\\" is already in use by …"}', 'CONFLICT', undefined],
    [500, '{"message":"write /x: no space left on device"}', 'LIMIT', undefined],
    [500, '{"message":"driver failed: Bind for 127.0.0.1:1 failed: port is already allocated"}', 'CONFLICT', 'port'],
    [
      400,
      '{"message":"client version 1.51 is too old. Minimum supported API version is 1.60"}',
      'UNSUPPORTED',
      undefined,
    ],
    [429, 'slow down', 'LIMIT', undefined],
    [403, 'authorization denied by plugin', 'DENIED', undefined],
    [503, '<html>', 'UNREACHABLE', undefined],
    [500, '{"message":"something new"}', 'PROTOCOL', undefined],
    [500, '', 'PROTOCOL', undefined],
  ];
  for (const [status, text, code, field] of rows) {
    it(`means ${code}: ${status} ${text.slice(0, 50)}`, () => {
      const failure = api.failure(status, text, 'do it');
      assert.deepEqual([failure.code, failure.field], [code, field]);
      assert.match(failure.message, /^Docker on there could not do it/);
    });
  }

  it('is not told where it isn’t JSON: it may hold an environment', () => {
    assert.throws(
      () => jsonOf('SECRET=canary'),
      (error) => hasCode(error, 'PROTOCOL') && !`${error.message} ${error.raw}`.includes('canary'),
    );
  });
});
