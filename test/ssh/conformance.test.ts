import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type { AccessMethod, AccessTarget } from '@stele/sdk';
import { type AccessMethodSubject, describeAccessMethod, testCall } from '@stele/sdk/testing';
import { confSchema } from '../../plugins/access/ssh/src/server/conf.ts';
import type { SshAccess } from '../../plugins/access/ssh/src/server/ssh-access.ts';
import { skip } from '../e2e/lib/skip.ts';
import { noSshd, Sshd } from './sshd.ts';
import { accessTo, ownFolder, targetOf, treesOf } from './world.ts';

describe('access by SSH', function () {
  this.timeout(60_000);
  let sshd: Sshd;
  let access: SshAccess;
  let real: AccessTarget;
  let folder = '';

  before(async function () {
    this.timeout(300_000);
    const reason = await noSshd();
    if (reason !== undefined) return skip(this, reason);
    sshd = await Sshd.start();
    access = await accessTo(sshd);
    real = await targetOf(sshd);
    folder = await ownFolder('stele-ssh-kit-');
  });
  after(async () => {
    if (folder !== '') rmSync(folder, { recursive: true });
    await sshd?.[Symbol.asyncDispose]();
  });

  // Kits are told what they test before there is a server: what it says of itself is added when it is opened. A server that
  // were started here would stay, and its process hold this one up, where no test of the kit is wanted.
  const method: AccessMethod = {
    title: 'SSH',
    auth: ['user-keys', 'platform-keys'],
    conf: confSchema,
    open: (target, call) => access.open({ ...target, conf: { ...real.conf, ...target.conf } }, call),
  };
  const target: AccessTarget = { resource: randomUUID(), auth: 'user-keys', conf: {} };

  const listen: AccessMethodSubject['listen'] = async (kind) => {
    const server = createServer((socket) => socket.on('error', () => socket.destroy()).pipe(socket));
    const path = join(folder, `${randomUUID()}.sock`);
    server.listen(kind === 'socket' ? { path } : { host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    if (kind === 'socket') chmodSync(path, 0o777);
    const { port } = server.address() as AddressInfo;
    return {
      address: kind === 'socket' ? { socket: path } : { host: '127.0.0.1', port },
      async [Symbol.asyncDispose]() {
        server.close();
        await once(server, 'close');
      },
    };
  };

  describeAccessMethod(
    { describe, it, before, after },
    {
      method,
      target,
      refused: [
        { what: 'no credentials', target: { ...target, auth: 'none' }, code: 'INVALID' },
        { what: 'settings that it doesn’t know', target: { ...target, conf: { x: 1 } }, code: 'INVALID' },
        { what: 'a host whose key nobody has pinned', target: { ...target, conf: { hostKeys: [] } }, code: 'INVALID' },
      ],
      get folder() {
        return folder;
      },
      listen,
      trees: treesOf(method, target, testCall),
    },
  );
});
