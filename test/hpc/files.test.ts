import { randomUUID } from 'node:crypto';
import { type HostService, StorageBackends, type StorageResource } from '@stele/sdk';
import { describeStorageBackend, testCall, testUser } from '@stele/sdk/testing';
import storagePosix from '@stele/storage-posix';
import { activate } from '../activate.ts';
import { skip } from '../e2e/lib/skip.ts';
import { SiteAccess } from './lib/site-access.ts';
import { openSite, type Site, siteMissing, type Suite } from './lib/site.ts';
import { siteTrees } from './lib/site-trees.ts';

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

  const trees = siteTrees(
    () => site,
    name,
    async (root) => {
      const tree = await backend.open(storageAt(root), testCall());
      return { tree, close: () => tree[Symbol.asyncDispose]() };
    },
  );

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
        trees,
        count: () => ({ leases }),
      },
    );
  });
}
