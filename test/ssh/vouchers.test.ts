import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { inTime } from '@stele/sdk/testing';
import { Pool } from '../../plugins/access/ssh/src/server/connection/pool.ts';
import { parsePins } from '../../plugins/access/ssh/src/server/keys/pins.ts';
import { vouchedOn } from '../../plugins/access/ssh/src/server/keys/vouchers.ts';
import { account, noSshd, Sshd } from './sshd.ts';

const reason = await noSshd();

describe('known_hosts on a host', function () {
  this.timeout(60_000);
  if (reason !== undefined) {
    it.skip(reason, () => undefined);
    return;
  }

  it('is read once a minute, and for those who doubt it once in five seconds', async () => {
    await using sshd = await Sshd.start();
    using pool = new Pool({ connectTimeout: 10_000, idleTimeout: 60_000, keepAlive: 15_000, connections: 4 });
    const pins = parsePins([await sshd.text('host.pub')], 'hostKeys');
    const hop = { host: '127.0.0.1', port: sshd.port, user: account, pins, field: 'hostKeys' };
    const endpoint = pool.endpoint([hop], { owner: '', keys: [{ privateKey: await sshd.text('login') }] });
    const commands = async () => (await sshd.text('sshd.log')).match(/Starting session: command/g)?.length ?? 0;
    const start = performance.now();
    const clock = mock.method(performance, 'now', () => start);
    const ask = async (after: number, isFresh: boolean) => {
      clock.mock.mockImplementation(() => start + after);
      const nodes = Array.from({ length: 20 }, (_, index) => `node${index}`);
      const signal = inTime(20_000);
      await Promise.all(nodes.map((node) => vouchedOn(endpoint, node, 22, isFresh, signal)));
      return commands();
    };
    try {
      assert.equal(await ask(0, false), 1);
      assert.equal(await ask(4_900, true), 1, 'twenty that are doubted at once');
      assert.equal(await ask(5_100, true), 2);
      assert.equal(await ask(65_000, false), 2);
      assert.equal(await ask(65_200, false), 3);
    } finally {
      clock.mock.restore();
    }
  });
});
