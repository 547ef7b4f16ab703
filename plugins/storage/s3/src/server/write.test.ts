import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import type { BucketRequests } from './bucket.ts';
import { atEntry } from './keys.ts';
import { Looks } from './looks.ts';
import { write } from './write.ts';

describe('a small file', () => {
  const modified = new Date('2026-01-02T03:04:05Z');
  const never = new AbortController().signal;

  /** A bucket with nothing in it, and what is asked of it. */
  function newBucket(): { readonly bucket: BucketRequests; readonly asked: string[] } {
    const asked: string[] = [];
    const answering = (name: string, answer: object) => async () => (asked.push(name), answer);
    const bucket = {
      list: answering('list', { Contents: [], CommonPrefixes: [] }),
      put: answering('put', {}),
      head: answering('head', { ContentLength: 9, LastModified: modified }),
    };
    return { bucket: bucket as unknown as BucketRequests, asked };
  }

  for (const [unseen, requests, entry] of [
    [true, ['list', 'put'], { size: 3 }],
    [false, ['list', 'put', 'head'], { size: 9, modifiedAt: '2026-01-02T03:04:05.000Z' }],
  ] as const) {
    it(`is written by ${requests.length} requests where ${unseen ? 'nobody' : 'somebody'} looks at what it is then`, async () => {
      const { bucket, asked } = newBucket();
      const options = { overwrite: true, unseen };
      const content = Readable.from([Buffer.from('ab'), Buffer.from('c')]);
      const written = await write(bucket, '', atEntry('', 'file'), content, options, new Looks(), never);
      assert.deepEqual(written, { name: 'file', path: 'file', kind: 'file', ...entry });
      assert.deepEqual(asked, requests);
    });
  }
});
