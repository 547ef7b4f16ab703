import { randomUUID } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AuthMode,
  type HostService,
  type StorageBackend,
  StorageBackends,
  type StorageResource,
} from '@stele/sdk';
import { rejectsWith, testCall } from '@stele/sdk/testing';
import storagePosix from '@stele/storage-posix';
import { activate } from '../activate.ts';
import { skip } from '../e2e/lib/skip.ts';
import { account, noSshd, Sshd } from './sshd.ts';
import { accessTo, ownFolder, targetOf } from './world.ts';

describe('storages over SFTP with the platform’s own keys', function () {
  this.timeout(60_000);
  const home = () => execFileSync('getent', ['passwd', account], { encoding: 'utf8' }).split(':')[5] ?? '';
  let sshd: Sshd;
  let backend: StorageBackend;
  let folder = '';
  let made: string | undefined;

  before(async function () {
    this.timeout(300_000);
    const reason = await noSshd();
    if (reason !== undefined) return skip(this, reason);
    sshd = await Sshd.start();
    const access = await accessTo(sshd);
    const { conf } = await targetOf(sshd);
    const hosts: HostService = { open: ({ id, auth }, call) => access.open({ resource: id, auth, conf }, call) };
    backend = (await activate(storagePosix, { hosts }, { bases: [] })).get(StorageBackends, 'posix');
    folder = await ownFolder('stele-ssh-apart-');
  });
  after(async () => {
    for (const path of [folder, made ?? '']) if (path !== '') rmSync(path, { recursive: true });
    await sshd?.[Symbol.asyncDispose]();
  });

  const storageAt = (base: string, auth: AuthMode, apart: readonly string[] = []): StorageResource => ({
    ...{ id: randomUUID(), name: 'Files', backend: 'posix', access: 'ssh', auth, accessConf: {} },
    ...{ conf: { base, createBase: false }, readOnly: false, apart },
  });
  const refused = async (base: string, apart?: readonly string[]): Promise<void> => {
    const storage = storageAt(base, 'platform-keys', apart);
    await rejectsWith('DENIED', backend.open(storage, testCall()), 'conf.base');
    await rejectsWith('DENIED', backend.bind(storage, testCall()), 'conf.base');
  };

  it('show neither the account’s home nor what its tasks have there', async () => {
    for (const base of [home(), `${home()}/.stele`, `${home()}/.stele/tasks/x`, `${home()}/.ssh`]) await refused(base);
  });

  it('are not led there by a link that somebody’s task made', async () => {
    made = await mkdir(`${home()}/.stele/tasks`, { recursive: true });
    await symlink(home(), join(folder, 'ada'));
    await symlink(`${home()}/.stele`, join(folder, 'grace'));
    for (const name of ['ada', 'grace']) await refused(join(folder, name));
  });

  it('show no folder in which jobs are kept elsewhere, and all others', async () => {
    await mkdir(join(folder, 'jobs'));
    const apart = [`${folder}/jobs/$USER`];
    await refused(folder, apart);
    await refused(`${folder}/jobs`, apart);
    await mkdir(join(folder, 'files'));
    await using opened = await backend.open(storageAt(join(folder, 'files'), 'platform-keys', apart), testCall());
    await opened.stat('', testCall().signal);
  });

  it('may show a home with its user’s own keys', async () => {
    await using opened = await backend.open(storageAt(home(), 'user-keys'), testCall());
    await opened.stat('', testCall().signal);
  });
});
