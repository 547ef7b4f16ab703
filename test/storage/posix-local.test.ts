import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import accessLocal from '@stele/access-local';
import {
  AccessMethods,
  type Call,
  type HostService,
  type HostTarget,
  StorageBackends,
  type StorageResource,
} from '@stele/sdk';
import { describeStorageBackend, rejectsWith, testCall, testUser, type TreeWorld } from '@stele/sdk/testing';
import storagePosix from '@stele/storage-posix';
import { activate } from '../activate.ts';

const run = promisify(execFile);
const access = (await activate(accessLocal)).get(AccessMethods, 'local');

/** Counts the leases that are out. */
let leases = 0;
const hosts: HostService = {
  async open(target: HostTarget, call: Call) {
    const host = await access.open({ resource: target.id, conf: target.accessConf, auth: target.auth }, call);
    leases += 1;
    let isOut = true;
    const release = host[Symbol.asyncDispose].bind(host);
    host[Symbol.asyncDispose] = async () => {
      if (isOut) leases -= 1;
      isOut = false;
      await release();
    };
    return host;
  },
};

const backend = (await activate(storagePosix, { hosts }, { bases: [] })).get(StorageBackends, 'posix');
const top = await mkdtemp(join(tmpdir(), 'stele-posix-'));

function storageAt(base: string, conf: Record<string, string | boolean> = {}): StorageResource {
  return {
    id: randomUUID(),
    name: 'My files',
    backend: 'posix',
    access: 'local',
    auth: 'none',
    accessConf: {},
    conf: { base, createBase: true, ...conf },
    readOnly: false,
  };
}

async function openWorld(): Promise<TreeWorld> {
  const folder = await mkdtemp(join(top, 'tree-'));
  const tree = await backend.open(storageAt(`${folder}/$USER`), testCall());
  const outside = join(folder, 'outside');
  await mkdir(outside);
  await writeFile(join(outside, 'secret'), 'the secret');
  return {
    tree,
    link: (path, target) => symlink(target, join(folder, testUser.name, path)),
    outside: {
      path: outside,
      state: async () => `${(await readdir(outside)).join()}: ${await readFile(join(outside, 'secret'), 'utf8')}`,
    },
    close: async () => {
      await tree[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

async function openSmall(): Promise<TreeWorld> {
  const folder = await mkdtemp(join(top, 'small-'));
  await run('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]);
  const tree = await backend.open(storageAt(folder), testCall());
  return {
    tree,
    close: async () => {
      await tree[Symbol.asyncDispose]();
      await run('umount', [folder]);
      await rm(folder, { recursive: true });
    },
  };
}

async function whyNotSmall(): Promise<string | undefined> {
  try {
    await (await openSmall()).close();
    return undefined;
  } catch (error) {
    return `mounting needs root: ${(error as Error).message}`;
  }
}

const reason = await whyNotSmall();

describe('posix storage on this machine', () => {
  after(() => rm(top, { recursive: true }));

  describeStorageBackend(
    { describe, it, before, after },
    {
      backend,
      storage: storageAt(`${top}/users/$USER`),
      isPersonal: true,
      canBind: true,
      broken: storageAt(`${top}/missing`, { createBase: false }),
      trees: { open: openWorld, ...(reason === undefined ? { openSmall } : {}) },
      count: () => ({ leases }),
    },
  );
  if (reason !== undefined) it.skip(`says LIMIT on a full disk (${reason})`, () => undefined);

  it('makes the folder on first use, for its user alone', async () => {
    const storage = storageAt(`${top}/first/$USER`);
    assert.deepEqual(await backend.bind(storage, testCall()), {
      source: `${top}/first/ada`,
      target: '/storage/my-files',
      readOnly: false,
    });
    assert.equal(statSync(`${top}/first/ada`).mode & 0o777, 0o700);
  });

  it('makes nothing where it is told not to, or may only read', async () => {
    for (const storage of [
      storageAt(`${top}/unmade`, { createBase: false }),
      { ...storageAt(`${top}/unmade`), readOnly: true },
    ]) {
      await rejectsWith('NOT_FOUND', backend.bind(storage, testCall()));
      assert(!existsSync(`${top}/unmade`));
    }
    assert.equal(leases, 0, 'a failed call gives its lease back');
  });

  it('shows neither the home of the platform’s account nor what tasks or the platform have', async () => {
    const { HOME } = process.env;
    const home = `${top}/homes/stele`;
    await mkdir(`${home}/.stele/tasks`, { recursive: true });
    await mkdir(`${top}/data`);
    await mkdir(`${top}/shared`);
    await symlink(`${home}/.stele`, `${top}/shared/ada`);
    const apart = [`${top}/data/secret.key`];
    process.env.HOME = home;
    try {
      for (const base of [home, `${top}/homes`, `${home}/.stele`, `${top}/shared/$USER`, `${top}/data`, top]) {
        const storage = { ...storageAt(base), apart };
        await rejectsWith('DENIED', backend.open(storage, testCall()), 'conf.base');
        await rejectsWith('DENIED', backend.bind(storage, testCall()), 'conf.base');
      }
      await using _ = await backend.open({ ...storageAt(`${top}/data/files/$USER`), apart }, testCall());
    } finally {
      process.env.HOME = HOME;
    }
    assert.equal(leases, 0, 'a refusal gives its lease back');
  });
});
