import assert from 'node:assert/strict';
import { hasCode } from '@stele/sdk';
import { directWay, openUpstream } from './upstream.ts';

const via = { isDirect: true, dial: () => Promise.reject(new Error('a direct way is not dialled')) };

describe('a direct way to a task', () => {
  for (const host of ['169.254.169.254', '::ffff:169.254.169.254', 'fe80::1', '0.0.0.0', '224.0.0.1']) {
    it(`doesn’t lead to ${host}`, () => {
      assert.throws(
        () => directWay({ host, port: 80 }),
        (error) => hasCode(error, 'DENIED'),
      );
    });
  }

  it('leads to this machine’s loopback, and to sockets', () => {
    assert.equal('host' in directWay({ host: '127.0.0.1', port: 80 }), true);
    assert.deepEqual(directWay({ socket: '/run/x' }), { path: '/run/x' });
  });

  it('that is refused fails the request, and nothing else', async () => {
    using upstream = await openUpstream(
      { address: { host: '169.254.169.254', port: 80 }, via },
      { scheme: 'http', sockets: 1, connectTimeout: 1_000 },
    );
    const answer = upstream.quick?.request({ origin: 'http://task', path: '/', method: 'GET' });
    await assert.rejects(Promise.resolve(answer), (error) => hasCode(error, 'DENIED'));
    assert.throws(() => (upstream.shared as unknown as { createConnection(): unknown }).createConnection());
  });
});
