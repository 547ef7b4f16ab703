import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, statfs, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { type HostService, StorageBackends, type StorageResource } from '@stele/sdk';
import { describeStorageBackend, testCall, testUser, type TreeWorld } from '@stele/sdk/testing';
import storagePosix from '@stele/storage-posix';
import { activate } from '../activate.ts';
import { skip } from '../e2e/lib/skip.ts';
import { SiteAccess } from './lib/site-access.ts';
import { openSite, type Site, siteMissing, type Suite } from './lib/site.ts';

const run = promisify(execFile);
/** Bytes that the tree of the tests of a full disk has. */
const room = 8 * 1024 ** 2;

const storageAt = (base: string, conf = {}): StorageResource => ({
  id: randomUUID(),
  name: 'Home',
  backend: 'posix',
  access: 'ssh',
  auth: 'user-keys',
  accessConf: {},
  conf: { base, createBase: true, ...conf },
  readOnly: false,
});

for (const suite of ['trixie', 'bookworm'] satisfies Suite[]) {
  let site: Site;
  let access: SiteAccess;
  let leases = 0;
  const name = `files-${process.pid}`;
  const base = `/home/$SSH_USER/${name}`;

  // Kits are told what they test before there is a site.
  const hosts: HostService = {
    open: async (_, call) => {
      const host = await access.open(call);
      const release = host[Symbol.asyncDispose].bind(host);
      let isOut = true;
      leases += 1;
      host[Symbol.asyncDispose] = async () => {
        if (isOut) leases -= 1;
        isOut = false;
        await release();
      };
      return host;
    },
  };
  const backend = (await activate(storagePosix, { hosts }, { bases: [] })).get(StorageBackends, 'posix');

  /** A folder of bob's, made from this side. */
  const makeOwn = async (folder: string): Promise<string> => {
    const { uid, gid } = await stat(site.home('bob'));
    await mkdir(folder, { recursive: true });
    await chown(folder, uid, gid);
    return folder;
  };

  const open = async (): Promise<TreeWorld> => {
    const { uid, gid } = await stat(site.home('bob'));
    const folder = await makeOwn(await mkdtemp(join(site.home('bob'), `${name}-`)));
    const root = await makeOwn(join(folder, 'root'));
    const outside = await makeOwn(join(folder, 'outside'));
    await writeFile(join(outside, 'secret'), 'the secret');
    await chown(join(outside, 'secret'), uid, gid);
    const there = `/home/bob/${basename(folder)}`;
    const tree = await backend.open(storageAt(`${there}/root`), testCall());
    return {
      tree,
      link: (path, target) => symlink(target, join(root, path)),
      outside: {
        path: `${there}/outside`,
        state: async () => `${(await readdir(outside)).join()}: ${await readFile(join(outside, 'secret'), 'utf8')}`,
      },
      close: async () => {
        await tree[Symbol.asyncDispose]();
        await rm(folder, { recursive: true });
      },
    };
  };

  const openSmall = async (): Promise<TreeWorld> => {
    const world = await open();
    const { bavail, bsize } = await statfs(site.home('bob'));
    const filler = join(site.home('bob'), '.filled');
    await run('fallocate', ['--length', String(bavail * bsize - room), filler]);
    return {
      ...world,
      close: async () => {
        await rm(filler);
        await world.close();
      },
    };
  };

  describe(`files of the site of ${suite}, by SFTP`, function () {
    this.timeout(60_000);

    before(async function () {
      this.timeout(600_000);
      const why = await siteMissing();
      if (why !== undefined) return skip(this, why);
      site = await openSite({ suite });
      access = new SiteAccess(site, 'bob', ({ who }) => (who === testUser ? 'bob' : 'stele'), 0);
    });

    after(async () => {
      access?.[Symbol.dispose]();
      for (const user of ['bob', 'stele']) await site?.as(user, 'login', 'rm', '-rf', name);
    });

    describeStorageBackend(
      { describe, it, before, after },
      {
        backend,
        storage: storageAt(base),
        isPersonal: true,
        canBind: true,
        broken: storageAt('/home/$SSH_USER/missing', { createBase: false }),
        trees: { open, openSmall },
        count: () => ({ leases }),
      },
    );
  });
}
