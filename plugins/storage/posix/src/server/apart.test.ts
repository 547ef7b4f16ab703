import assert from 'node:assert/strict';
import { hasCode, type Host, SteleError, type StorageResource } from '@stele/sdk';
import { testCall } from '@stele/sdk/testing';
import { demandApart } from './apart.ts';

const { signal } = testCall();

/** A host with an account “stele”, by where its links lead; nothing lies in its home but what is named. */
function hostWith(links: Readonly<Record<string, string>> = {}): Host {
  const known = { '~': '/home/stele', ...links };
  const realPath = (path: string): Promise<string | undefined> => {
    if (path === '/closed') return Promise.reject(new SteleError('DENIED', 'closed'));
    const [link, target] = Object.entries(known).findLast(([one]) => path === one || path.startsWith(`${one}/`)) ?? [];
    if (link === undefined || target === undefined) return Promise.resolve(path);
    return Promise.resolve(link === '~' && path !== '~' ? undefined : `${target}${path.slice(link.length)}`);
  };
  return { name: 'stele@login', user: 'stele', realPath } as unknown as Host;
}

function storage(parts: Partial<StorageResource> = {}): StorageResource {
  const whole = { id: 'id', name: 'Files', backend: 'posix', access: 'ssh', auth: 'platform-keys' } as const;
  return { ...whole, accessConf: {}, conf: {}, readOnly: false, ...parts };
}

const isRefused = (error: unknown): boolean => hasCode(error, 'DENIED') && error.field === 'conf.base';

describe('a storage with the platform’s own rights', () => {
  const apart = ['/scratch/$USER/jobs', '/srv/stele/data/secret.key', '/closed'];
  for (const base of [
    '/home',
    '/home/stele',
    '/home/stele/.ssh',
    '/home/stele/.stele',
    '/home/stele/.stele/tasks/abcdefghij012345',
    '/home/stele/.local',
    '/home/stele/.local/share/containers/storage',
    '/scratch',
    '/scratch/stele',
    '/scratch/stele/jobs/tasks',
    '/srv',
    '/srv/stele/data',
    '/tmp',
    '/var',
  ]) {
    it(`does not show ${base}`, () =>
      assert.rejects(demandApart(hostWith(), base, storage({ apart }), signal), isRefused));
  }

  for (const base of [
    '/home/stele/files',
    '/home/ada',
    '/scratch/ada',
    '/scratch/stele/jobs-of-old',
    '/srv/stele/f',
    '/tmp/x',
  ]) {
    it(`shows ${base}`, () => demandApart(hostWith(), base, storage({ apart }), signal));
  }

  it('leads nowhere else by links, on either side', async () => {
    const led = (links: Record<string, string>, base: string) =>
      assert.rejects(demandApart(hostWith(links), base, storage({ apart }), signal), isRefused);
    await led({ '/srv/ada': '/home/stele/.stele' }, '/srv/ada');
    await led({ '/srv/ada': '/home' }, '/srv/ada');
    await led({ '~/.stele': '/bulk/records' }, '/bulk');
    await led({ '~/.stele': '/bulk/records' }, '/bulk/records/tasks');
    await led({ '~': '/nfs/7/stele' }, '/nfs/7');
    await led({ '/scratch': '/lustre' }, '/lustre/stele');
  });

  it('is any folder with users’ own', () =>
    demandApart(hostWith(), '/home/stele', storage({ auth: 'user-keys', apart }), signal));
});
