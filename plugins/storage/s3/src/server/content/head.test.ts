import assert from 'node:assert/strict';
import { headOf } from './head.ts';

const lines = (...all: string[]): string => all.join('\r\n');
const ok = 'HTTP/1.1 200 OK';

describe('the beginning of an answer', () => {
  it('says its status, its headers, and how long it is', () => {
    assert.deepEqual(
      headOf(lines('HTTP/1.1 206 Partial Content', 'Content-Length: 8', 'ETag:"x"', 'X-A: 1', 'x-a: 2 ')),
      {
        status: 206,
        reason: 'Partial Content',
        headers: Object.assign(Object.create(null), { 'content-length': '8', etag: '"x"', 'x-a': '1, 2' }),
        length: 8,
        isKept: true,
      },
    );
  });

  for (const [what, text, length, isKept] of [
    ['that has no reason and no length', lines('HTTP/1.1 200'), undefined, true],
    ['in chunks', lines(ok, 'Transfer-Encoding: chunked'), undefined, true],
    ['of an older server', lines('HTTP/1.0 200 OK', 'Content-Length: 0'), 0, false],
    ['that is the last', lines(ok, 'content-length: 1', 'Connection: Close'), 1, false],
  ] as const) {
    it(`${what} is read`, () => {
      const head = headOf(text);
      assert.deepEqual([head?.length, head?.isKept], [length, isKept]);
    });
  }

  for (const [what, text] of [
    ['nothing', ''],
    ['no HTTP', 'SSH-2.0-OpenSSH'],
    ['HTTP/2', 'HTTP/2 200'],
    ['a status of two digits', 'HTTP/1.1 20 OK'],
    ['a header without a name', lines(ok, ': x')],
    ['a blank behind a name', lines(ok, 'Content-Length : 1')],
    ['a header that goes on in the next line', lines(ok, 'X-A: 1', ' 2')],
    ['a line end by itself', lines(ok, 'X-A: 1\nContent-Length: 1')],
    ['two lengths', lines(ok, 'Content-Length: 1', 'Content-Length: 2')],
    ['a length that is no number', lines(ok, 'Content-Length: 0x10')],
    ['a length of nothing', lines(ok, 'Content-Length:')],
    ['a length below nothing', lines(ok, 'Content-Length: -1')],
    ['a length beyond what numbers hold', lines(ok, 'Content-Length: 99999999999999999')],
    ['a length, and chunks', lines(ok, 'Content-Length: 1', 'Transfer-Encoding: chunked')],
  ] as const) {
    it(`with ${what} is refused`, () => assert.equal(headOf(text), undefined));
  }
});
