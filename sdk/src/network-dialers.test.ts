import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { networkDialers } from './network-dialers.ts';
import type { DirectDialOptions, DirectDialService } from './services.ts';
import { rejectsWith } from './testing/index.ts';

describe('dialers of networks', () => {
  const asked: DirectDialOptions[] = [];
  const direct: DirectDialService = {
    dial: async (_, options) => {
      asked.push(options);
      return new PassThrough();
    },
    addressesOf: async (host) => [host],
  };
  const never = new AbortController().signal;

  it('are the same for the same networks, and others for others', () => {
    const of = networkDialers(direct);
    assert.equal(of(['10.0.0.0/8']), of(['10.0.0.0/8']));
    assert.notEqual(of(['10.0.0.0/8']), of(['10.0.0.0/8', '192.0.2.7']));
  });

  it('dial in those networks, and refuse sockets, and where nobody named a network', async () => {
    const of = networkDialers(direct);
    await of(['10.0.0.0/8']).dial({ host: '10.0.0.1', port: 80 }, never);
    assert.deepEqual(asked, [{ networks: ['10.0.0.0/8'] }]);
    await rejectsWith('UNSUPPORTED', of(['10.0.0.0/8']).dial({ socket: '/x' }, never));
    await rejectsWith('INVALID', of([]).dial({ host: '10.0.0.1', port: 80 }, never), 'conf.networks');
  });
});
