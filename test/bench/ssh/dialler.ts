import { readFile } from 'node:fs/promises';
import type { Dialer } from '@stele/sdk';
import { testCall } from '@stele/sdk/testing';
import { Pool } from '../../../plugins/access/ssh/src/server/connection/pool.ts';
import { SshAccess } from '../../../plugins/access/ssh/src/server/ssh-access.ts';

/** Where an SSH server listens, and who logs in how. */
export interface Login {
  readonly port: number;
  readonly username: string;
  readonly keyFile: string;
  readonly hostKey: string;
}

/** A host by SSH as a way for the gateway. */
export async function dialler({ port, username, keyFile, hostKey }: Login): Promise<Dialer> {
  const pool = new Pool({ connectTimeout: 10_000, idleTimeout: 60_000, keepAlive: 15_000, connections: 4 });
  const privateKey = await readFile(keyFile, 'utf8');
  const access = new SshAccess(pool, { of: () => Promise.resolve({ username, key: { privateKey } }) });
  const conf = { host: '127.0.0.1', port, hostKeys: [hostKey] };
  return access.open({ resource: 'bench', auth: 'user-keys', conf }, testCall());
}
