import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chown, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessTarget, JsonObject, LoginKey, RemoteAccountService } from '@stele/sdk';
import type { TreeWorld } from '@stele/sdk/testing';
import { Pool, type PoolOptions } from '../../plugins/access/ssh/src/server/connection/pool.ts';
import { SshAccess } from '../../plugins/access/ssh/src/server/ssh-access.ts';
import { account, type Sshd } from './sshd.ts';

const ids = (flag: string) => Number(execFileSync('id', [flag, account], { encoding: 'utf8' }));

const quick: PoolOptions = { connectTimeout: 10_000, idleTimeout: 0, keepAlive: 15_000, connections: 4 };

/** Names of a server's keys, and certificates for them: one, or which one by the time of a log-in. */
interface LogIn {
  key?: string;
  certificate?: string | (() => string);
  previous?: string;
  previousCertificate?: string;
  /** Of the account; or of the one for each log-in. */
  username?: string | (() => string);
}

async function loginKey(sshd: Sshd, name: string, certificate: string | undefined): Promise<LoginKey> {
  const privateKey = await sshd.text(name);
  return { privateKey, ...(certificate === undefined ? {} : { certificate }) };
}

/** The access method with a pool that keeps nothing, and a key in memory. */
export async function accessTo(sshd: Sshd, options: Partial<PoolOptions> & LogIn = {}): Promise<SshAccess> {
  const { username = account } = options;
  const { certificate } = options;
  const first = await loginKey(sshd, options.key ?? 'login', typeof certificate === 'string' ? certificate : undefined);
  const key = () => (typeof certificate === 'function' ? { ...first, certificate: certificate() } : first);
  const previous = options.previous && (await loginKey(sshd, options.previous, options.previousCertificate));
  const accounts: RemoteAccountService = {
    of: (_, { isTrial }) =>
      Promise.resolve({
        username: typeof username === 'function' ? username() : username,
        key: key(),
        ...(previous && !isTrial ? { previous } : {}),
      }),
  };
  return new SshAccess(new Pool({ ...quick, ...options }), accounts);
}

/** A resource on a server, its key pinned. */
export async function targetOf(sshd: Sshd, conf: JsonObject = {}): Promise<AccessTarget> {
  const hostKeys = [(await sshd.text('host.pub')).trim()];
  return { resource: randomUUID(), auth: 'user-keys', conf: { host: '127.0.0.1', port: sshd.port, hostKeys, ...conf } };
}

/** A folder that belongs to the account. */
export async function ownFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  await chown(folder, ids('-u'), ids('-g'));
  return folder;
}

/** Makes trees in new folders, opened by the access method. */
export function treesOf(
  access: Pick<SshAccess, 'open'>,
  target: AccessTarget,
  call: () => Parameters<SshAccess['open']>[1],
) {
  const opened = async (folder: string, close: () => Promise<void>): Promise<TreeWorld> => {
    const host = await access.open(target, call());
    const root = join(folder, 'root');
    const outside = join(folder, 'outside');
    await mkdir(root);
    await mkdir(outside);
    await writeFile(join(outside, 'secret'), 'the secret');
    for (const path of [root, outside, join(outside, 'secret')]) await chown(path, ids('-u'), ids('-g'));
    return {
      tree: host.files(root),
      link: (path, to) => symlink(to, join(root, path)),
      outside: {
        path: outside,
        state: async () => `${(await readdir(outside)).join()}: ${await readFile(join(outside, 'secret'), 'utf8')}`,
      },
      close: async () => {
        await host[Symbol.asyncDispose]();
        await close();
      },
    };
  };
  return {
    open: async () => {
      const folder = await ownFolder('stele-ssh-tree-');
      return opened(folder, () => rm(folder, { recursive: true }));
    },
    openSmall: async () => {
      const folder = await ownFolder('stele-ssh-small-');
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=4m,uid=${ids('-u')},gid=${ids('-g')}`, 'tmpfs', folder]);
      return opened(folder, async () => {
        // Lazily: the server of a connection that has just ended may still be about to close what it had open.
        execFileSync('umount', ['--lazy', folder]);
        await rm(folder, { recursive: true });
      });
    },
  };
}
