import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RemoteAccountService } from '@stele/sdk';
import { inTime, rejectsWith, testCall } from '@stele/sdk/testing';
import { Pool } from '../../plugins/access/ssh/src/server/connection/pool.ts';
import { SshAccess } from '../../plugins/access/ssh/src/server/ssh-access.ts';
import { skip } from '../e2e/lib/skip.ts';
import { SiteAccess } from './lib/site-access.ts';
import { openSite, type Site, siteMissing, type Suite } from './lib/site.ts';

const never = new AbortController().signal;
const call = () => testCall({ signal: inTime(30_000) });

for (const suite of ['trixie', 'bookworm'] satisfies Suite[]) {
  describe(`certificates at a site with the OpenSSH of ${suite}`, function () {
    this.timeout(60_000);
    let site: Site;
    let folder: string;
    let conf: ReturnType<SiteAccess['conf']>;

    before(async function () {
      this.timeout(600_000);
      const why = await siteMissing();
      if (why !== undefined) return skip(this, why);
      site = await openSite({ suite });
      folder = await mkdtemp(join(tmpdir(), 'stele-site-certificates-'));
      const key = join(folder, 'key');
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
      execFileSync('ssh-keygen', [
        '-q',
        '-s',
        site.authority,
        '-I',
        'a test',
        '-n',
        'bob',
        '-V',
        '-5m:+1d',
        `${key}.pub`,
      ]);
      const authority = `@cert-authority ${await readFile(`${site.authority}.pub`, 'utf8')}`;
      using access = new SiteAccess(site);
      conf = access.conf({ hostKeys: [authority], nodeHostKeys: [authority] });
    });
    after(async () => {
      if (folder !== undefined) await rm(folder, { recursive: true });
    });

    /** With a key that no host knows. */
    const method = async (pool: Pool, isCertified: boolean): Promise<SshAccess> => {
      const privateKey = await readFile(join(folder, 'key'), 'utf8');
      const certificate = await readFile(join(folder, 'key-cert.pub'), 'utf8');
      const key = isCertified ? { privateKey, certificate } : { privateKey };
      const accounts: RemoteAccountService = { of: () => Promise.resolve({ username: 'bob', key }) };
      return new SshAccess(pool, accounts);
    };
    const pool = () => new Pool({ connectTimeout: 10_000, idleTimeout: 0, keepAlive: 5_000, connections: 4 });
    const target = () => ({ resource: '0197a3c0-0000-7000-8000-00000000000c', auth: 'user-keys' as const, conf });

    it('lead to the login node and to a compute node, with no key known on either side', async () => {
      using connections = pool();
      await using login = await (await method(connections, true)).open(target(), call());
      assert.equal((await login.exec(['id', '-un'], {}, never)).stdout, 'bob\n');
      assert(login.neighbour);
      await using node = await login.neighbour('node1', inTime(30_000));
      assert.equal((await node.exec(['hostname'], {}, never)).stdout, 'node1\n');
    });

    it('are what it takes: the bare key leads nowhere', async () => {
      using connections = pool();
      await rejectsWith('DENIED', (await method(connections, false)).open(target(), call()));
    });
  });
}
