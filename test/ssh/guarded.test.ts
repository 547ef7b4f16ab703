import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inTime, rejectsWith, testCall, testUser } from '@stele/sdk/testing';
import { DirectDialer } from '../../core/server/src/network/index.ts';
import { Pool } from '../../plugins/access/ssh/src/server/connection/pool.ts';
import { SshAccess } from '../../plugins/access/ssh/src/server/ssh-access.ts';
import { account, noSshd, Sshd } from './sshd.ts';
import { targetOf } from './world.ts';

const reason = await noSshd();
const call = () => testCall({ who: testUser, signal: inTime(30_000) });

describe('SSH to hosts that users have named', function () {
  this.timeout(60_000);
  if (reason !== undefined) {
    it.skip(reason, () => undefined);
    return;
  }
  let sshd: Sshd;
  before(async () => {
    sshd = await Sshd.start();
  });
  after(() => sshd[Symbol.asyncDispose]());

  const accessTo = async (userNetworks: readonly string[], names: Readonly<Record<string, string>> = {}) => {
    const direct = new DirectDialer(async (host) => [names[host] ?? '127.0.0.1']);
    const privateKey = await sshd.text('login');
    const pool = new Pool({
      ...{ connectTimeout: 10_000, idleTimeout: 0, keepAlive: 15_000, connections: 4 },
      vet: (host, publicOr, signal) => direct.addressesOf(host, { publicOr }, signal),
    });
    const accounts = { of: async () => ({ username: account, key: { privateKey } }) };
    return new SshAccess(pool, accounts, userNetworks);
  };
  const isAsked = async (work: () => Promise<unknown>): Promise<boolean> => {
    await writeFile(join(sshd.folder, 'sshd.log'), '');
    await work();
    return (await sshd.text('sshd.log')).includes('Connection from');
  };
  const target = async (conf = {}) => ({ ...(await targetOf(sshd, conf)), isGuarded: true });

  it('sends nothing into the platform’s own network, by whatever name', async () => {
    const access = await accessTo([], { 'inside.example': '127.0.0.1' });
    const guarded = await Promise.all(['127.0.0.1', 'inside.example', 'localhost'].map((host) => target({ host })));
    const asked = await isAsked(async () => {
      for (const one of guarded) {
        const { message } = await rejectsWith('DENIED', access.open(one, call()), 'accessConf.host');
        assert.match(message, /is not dialled: it is an address of the platform itself\. Hosts that users/);
      }
    });
    assert.equal(asked, false);
  });

  it('goes where the operator allows it, to the address that was looked at', async () => {
    const access = await accessTo(['127.0.0.0/8']);
    for (const host of ['127.0.0.1', 'no-such-name.invalid']) {
      await (await access.open(await target({ host }), call()))[Symbol.asyncDispose]();
    }
  });

  it('looks at the host that it connects to itself: what lies behind is that host’s', async () => {
    await using way = await Sshd.start();
    await copyFile(join(sshd.folder, 'login.pub'), join(way.folder, 'keys', account));
    const jump = [{ host: 'way.example', port: way.port, hostKeys: [await way.text('host.pub')] }];
    const behind = await target({ jump });
    await rejectsWith('DENIED', (await accessTo([])).open(behind, call()), 'accessConf.jump.0.host');
    const access = await accessTo(['127.0.0.2'], { 'way.example': '127.0.0.2' });
    await rejectsWith('UNREACHABLE', access.open(behind, call()));
    const allowed = await accessTo(['127.0.0.1']);
    await (await allowed.open(behind, call()))[Symbol.asyncDispose]();
  });

  it('is free where an administrator has named the host', async () => {
    const access = await accessTo([]);
    await (await access.open(await targetOf(sshd), call()))[Symbol.asyncDispose]();
  });

  it('shares no connection with a host of an administrator’s', async () => {
    const access = await accessTo([]);
    const free = await targetOf(sshd);
    await using _ = await access.open(free, call());
    await rejectsWith('DENIED', access.open({ ...free, isGuarded: true }, call()), 'accessConf.host');
  });
});
