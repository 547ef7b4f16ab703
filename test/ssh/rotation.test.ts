import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mock } from 'node:test';
import { hasCode, type Host } from '@stele/sdk';
import { eventually, inTime, rejectsWith, testCall } from '@stele/sdk/testing';
import { account, noSshd, Sshd } from './sshd.ts';
import { accessTo, targetOf } from './world.ts';

const reason = await noSshd();
const call = (isTrial = false) => testCall({ signal: inTime(30_000), isTrial });

/** The key `stranger` is new; the host knows `login`, which is being replaced. */
const replaced = { key: 'stranger', previous: 'login' } as const;

describe('SSH while a key is being replaced', function () {
  this.timeout(60_000);
  if (reason !== undefined) {
    it.skip(reason, () => undefined);
    return;
  }

  const addLine = async (sshd: Sshd): Promise<void> => {
    const lines = `${await sshd.text('login.pub')}${await sshd.text('stranger.pub')}`;
    await writeFile(join(sshd.folder, 'keys', account), lines);
  };
  /** What the server has seen of keys since the last time it was asked: `refused` or `accepted`, and which. */
  const seen = async (sshd: Sshd): Promise<readonly string[]> => {
    const log = await sshd.text('sshd.log');
    await writeFile(join(sshd.folder, 'sshd.log'), '');
    const names = new Map(
      await Promise.all(['login', 'stranger'].map(async (key) => [await sshd.fingerprint(key), key] as const)),
    );
    return [...log.matchAll(/(Failed|Accepted) publickey.*(SHA256:\S+)/g)].map(
      ([, what, print = '']) => `${what} ${names.get(print)}`,
    );
  };
  const isIn = async (host: Host): Promise<void> => {
    const { stdout } = await host.exec(['printf', 'in'], {}, call().signal);
    assert.equal(stdout, 'in');
  };
  /** The first to come after a host was away may be the one who finds that out. */
  const isInAgain = (host: Host): Promise<boolean> =>
    isIn(host).then(
      () => true,
      (error: unknown) => {
        if (!hasCode(error, 'UNREACHABLE')) throw error;
        return false;
      },
    );
  const visit = async (opening: Promise<Host>): Promise<void> => {
    await using host = await opening;
    await isIn(host);
  };

  it('logs in with the key before as long as the host knows no other, and asks no more than needed', async () => {
    await using sshd = await Sshd.start();
    const access = await accessTo(sshd, replaced);
    const target = await targetOf(sshd);
    await using host = await access.open(target, call());
    await isIn(host);
    assert.deepEqual(await seen(sshd), ['Failed stranger', 'Accepted login']);
    const sessions = Array.from({ length: 12 }, () => host.spawn(['cat'], {}, call().signal));
    await Promise.all(sessions);
    assert.deepEqual(await seen(sshd), ['Accepted login'], 'the second connection begins with what works');
  });

  it('logs in with the new key once its line is there', async () => {
    await using sshd = await Sshd.start();
    const behind: string[] = [];
    const access = await accessTo(sshd, { ...replaced, onOldKey: (name) => behind.push(name) });
    const target = await targetOf(sshd);
    await visit(access.open(target, call()));
    assert.deepEqual(behind, [`${account}@127.0.0.1:${sshd.port}`], 'an operator can be told');
    await addLine(sshd);
    await seen(sshd);
    await visit(access.open(target, call()));
    assert.deepEqual(await seen(sshd), ['Accepted stranger']);
    assert.equal(behind.length, 1);
  });

  it('tries the new key again after a minute, also where somebody is always there', async () => {
    await using sshd = await Sshd.start();
    const access = await accessTo(sshd, replaced);
    const start = performance.now();
    const clock = mock.method(performance, 'now', () => start);
    try {
      await using host = await access.open(await targetOf(sshd), call());
      await addLine(sshd);
      clock.mock.mockImplementation(() => start + 61_000);
      await sshd.down();
      await sshd.up();
      await seen(sshd);
      await eventually('it is in again', () => isInAgain(host));
      assert.deepEqual(await seen(sshd), ['Accepted stranger']);
    } finally {
      clock.mock.restore();
    }
  });

  it('gets in where the host takes one try', async () => {
    await using sshd = await Sshd.start('MaxAuthTries 1');
    await visit((await accessTo(sshd, replaced)).open(await targetOf(sshd), call()));
  });

  it('tells a trial what the new key is worth, whatever is open already', async () => {
    await using sshd = await Sshd.start();
    const access = await accessTo(sshd, replaced);
    const target = await targetOf(sshd);
    await using host = await access.open(target, call());
    assert.match((await rejectsWith('DENIED', access.open(target, call(true)))).message, /authorized_keys/);
    await addLine(sshd);
    await visit(access.open(target, call(true)));
    await writeFile(join(sshd.folder, 'keys', account), '');
    await rejectsWith('DENIED', access.open(target, call(true)));
    await isIn(host);
  });

  it('goes through a host that knows the new key to one that doesn’t', async () => {
    await using way = await Sshd.start();
    await using sshd = await Sshd.start();
    await writeFile(join(sshd.folder, 'keys', account), await way.text('login.pub'));
    await writeFile(join(way.folder, 'keys', account), await way.text('stranger.pub'));
    const jump = { host: '127.0.0.1', port: way.port, hostKeys: [await way.text('host.pub')] };
    await visit((await accessTo(way, replaced)).open(await targetOf(sshd, { jump: [jump] }), call()));
  });
});
