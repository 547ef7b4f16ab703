import assert from 'node:assert/strict';
import { once } from 'node:events';
import { eventually, inTime, rejectsWith, skip, testCall } from '@stele/sdk/testing';
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
    const isHastened = async () => /^Starting session: command[^]*setting TCP_NODELAY/m.test(await log());
    await eventually('the host sends at once', isHastened);
    await Promise.all([greeted(), greeted()]);
    assert.equal((await log()).match(/^Starting session/gm)?.length, 1);
  });

  it('are opened where no session is allowed, and that is asked for once', async () => {
    await using sshd = await Sshd.start('LogLevel DEBUG2\nMaxSessions 0');
    const access = await accessTo(sshd);
    await using host = await access.open(await targetOf(sshd), call());
    for (let round = 0; round < 3; round += 1) {
      const stream = await host.dial({ host: '127.0.0.1', port: sshd.port }, call().signal);
      await once(stream, 'data');
      stream.destroy();
    }
    const asked = async () => (await sshd.text('sshd.log')).match(/input_session_request/g)?.length;
    await eventually('it asks for a session', async () => (await asked()) !== undefined);
    assert.equal(await asked(), 1);
    await rejectsWith('DENIED', host.exec(['true'], {}, call().signal));
  });
});
