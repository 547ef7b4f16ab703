import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { SteleError } from '@stele/sdk';
import { inTime } from '@stele/sdk/testing';
import { BucketRequests } from './bucket.ts';
import { makeClient } from './client.ts';

function* answer(blocks: number): Generator<Buffer> {
  yield Buffer.from('<?xml version="1.0"?><ListBucketResult>');
  for (let sent = 0; sent < blocks; sent += 1) yield Buffer.alloc(65_536, ' ');
}

describe('answers of a store', () => {
  it('are cut where they never end, and tell so; an object may be as long as it likes', async () => {
    const endless = createServer((request, response) => {
      const blocks = request.url?.includes('x-id=GetObject') ? 640 : Infinity;
      pipeline(Readable.from(answer(blocks)), response, () => undefined);
    });
    await once(endless.listen(0, '127.0.0.1'), 'listening');
    const endpoint = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
    const keys = { accessKeyId: 'a', secretAccessKey: 'b' };
    const client = makeClient({ endpoint, region: 'r', pathStyle: true, ca: undefined, keys, isGuarded: false });
    const bucket = new BucketRequests(client, { bucket: 'bbb', region: 'r', host: endpoint });
    const signal = inTime(20_000);
    try {
      await assert.rejects(bucket.list({}, signal), (error) => error instanceof SteleError && !signal.aborted);
      const content = await bucket.get('key', {}, signal);
      let size = 0;
      if (typeof content === 'object') for await (const chunk of content.body) size += (chunk as Buffer).length;
      assert(size >= 40 * 1024 ** 2);
    } finally {
      client.destroy();
      endless.close();
      endless.closeAllConnections();
    }
  }).timeout(60_000);
});
