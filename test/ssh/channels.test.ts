import assert from 'node:assert/strict';
import { once } from 'node:events';
import { eventually, inTime, skip, testCall } from '@stele/sdk/testing';
import { noSshd, Sshd } from './sshd.ts';
import { accessTo, targetOf } from './world.ts';

const reason = await noSshd();
const call = () => testCall({ signal: inTime(60_000) });

describe('channels through a host', function () {
  before(function () {
    if (reason !== undefined) skip(this, reason);
  });

  it('don’t hold each other’s small packets up, by one command that does nothing', async () => {
    await using sshd = await Sshd.start('LogLevel DEBUG2');
    const access = await accessTo(sshd);
    await using host = await access.open(await targetOf(sshd), call());
    const greeted = async () => {
      const stream = await host.dial({ host: '127.0.0.1', port: sshd.port }, call().signal);
      await once(stream, 'data');
      stream.destroy();
    };
    await greeted();
    const log = () => sshd.text('sshd.log');
    const isHastened = async () =>
      /^Starting session: command[^\n]*\n(?:[^\n]*\n)?[^\n]*setting TCP_NODELAY/m.test(await log());
    await eventually('the host sends at once', isHastened);
    await Promise.all([greeted(), greeted()]);
    assert.equal((await log()).match(/^Starting session/gm)?.length, 1);
  });
});
