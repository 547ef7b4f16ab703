import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mock } from 'node:test';
import { hasCode } from '@stele/sdk';
import { inTime, rejectsWith, testCall, testUser } from '@stele/sdk/testing';
import { account, noSshd, Sshd } from './sshd.ts';
import { accessTo, targetOf } from './world.ts';

const reason = await noSshd();
const other = { kind: 'user', id: '0197a3c0-0000-7000-8000-0000000000ff', name: 'other' } as const;

describe('SSH where a host refuses log-ins', function () {
  this.timeout(60_000);
  if (reason !== undefined) {
    it.skip(reason, () => undefined);
    return;
  }
  let sshd: Sshd;
  let clock: ReturnType<typeof mock.method> | undefined;
  beforeEach(async () => {
    sshd = await Sshd.start();
  });
  afterEach(async () => {
    clock?.mock.restore();
    clock = undefined;
    await sshd[Symbol.asyncDispose]();
  });

  const call = (who: typeof other | typeof testUser = testUser) => testCall({ who, signal: inTime(30_000) });
  const keyFile = () => join(sshd.folder, 'keys', account);
  const asked = async (): Promise<number> => (await sshd.text('sshd.log')).match(/^Connection from /gm)?.length ?? 0;
  const later = (seconds: number) => {
    clock?.mock.restore();
    const now = performance.now() + seconds * 1_000;
    clock = mock.method(performance, 'now', () => now);
  };

  it('asks it seldom enough not to be shut out, whoever insists', async () => {
    await rm(keyFile());
    const access = await accessTo(sshd);
    const target = await targetOf(sshd);
    await writeFile(join(sshd.folder, 'sshd.log'), '');
    const errors = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        rejectsWith('DENIED', access.open(target, { ...call(), isTrial: index % 2 === 0 })),
      ),
    );
    assert.equal(await asked(), 4);
    const told = errors.filter(({ message }) => /in with this key.* The next attempt is in \d+ s\.$/.test(message));
    assert.equal(told.length >= 4, true, errors.map(({ message }) => message).join('\n'));
  });

  it('lets others in meanwhile, and who was refused once the time has come', async () => {
    const access = await accessTo(sshd);
    const target = await targetOf(sshd);
    const key = await sshd.text('login.pub');
    await rm(keyFile());
    for (let time = 0; time < 3; time += 1) await rejectsWith('DENIED', access.open(target, call()));
    await writeFile(keyFile(), key);
    await (await access.open(target, call(other)))[Symbol.asyncDispose]();
    await rejectsWith('DENIED', access.open(target, call()));
    later(31);
    await (await access.open(target, call()))[Symbol.asyncDispose]();
    await (await access.open(target, call()))[Symbol.asyncDispose]();
  });

  it('lets anybody look whether it is better now, and goes on by that', async () => {
    const access = await accessTo(sshd);
    const target = await targetOf(sshd);
    const key = await sshd.text('login.pub');
    await rm(keyFile());
    const look = () => access.open(target, { ...call(), isTrial: true });
    await rejectsWith('DENIED', access.open(target, call()));
    await rejectsWith('DENIED', look());
    await writeFile(keyFile(), key);
    await rejectsWith('DENIED', access.open(target, call()));
    await (await look())[Symbol.asyncDispose]();
    await (await access.open(target, call()))[Symbol.asyncDispose]();
  });

  it('tries no further account for who was refused by several', async () => {
    const codes: string[] = [];
    const accounts = ['a', 'b', 'c', 'd', 'e', 'f'];
    // The name travels with the target: one access, and one memory.
    const access = await accessTo(sshd, { username: () => accounts.shift() ?? account });
    await writeFile(join(sshd.folder, 'sshd.log'), '');
    const target = await targetOf(sshd);
    for (let time = 0; time < 7; time += 1) {
      await access.open(target, call()).catch((error: unknown) => {
        codes.push(hasCode(error, 'DENIED', 'LIMIT') ? error.code : String(error));
      });
    }
    assert.deepEqual(codes, ['DENIED', 'DENIED', 'DENIED', 'DENIED', 'LIMIT', 'LIMIT', 'LIMIT']);
    assert.equal(await asked(), 4);
  });
});
