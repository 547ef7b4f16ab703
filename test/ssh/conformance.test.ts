import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { type AccessMethodSubject, describeAccessMethod, testCall } from '@stele/sdk/testing';
import { noSshd, Sshd } from './sshd.ts';
import { accessTo, ownFolder, targetOf, treesOf } from './world.ts';

const reason = await noSshd();
// Kits are told what they test when they are declared.
const sshd = reason === undefined ? await Sshd.start() : undefined;

if (reason !== undefined) it.skip(`access by SSH (${reason})`, () => undefined);

if (sshd !== undefined) {
  const method = await accessTo(sshd);
  const target = await targetOf(sshd);
  const folder = await ownFolder('stele-ssh-kit-');

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

  describe('access by SSH', function () {
    this.timeout(60_000);
    after(async () => {
      rmSync(folder, { recursive: true });
      await sshd[Symbol.asyncDispose]();
    });
    describeAccessMethod(
      { describe, it, before, after },
      {
        method,
        target,
        refused: [
          { what: 'no credentials', target: { ...target, auth: 'none' }, code: 'INVALID' },
          {
            what: 'settings that it doesn’t know',
            target: { ...target, conf: { ...target.conf, x: 1 } },
            code: 'INVALID',
          },
          {
            what: 'a host whose key nobody has pinned',
            target: { ...target, conf: { ...target.conf, hostKeys: [] } },
            code: 'INVALID',
          },
        ],
        folder,
        listen,
        trees: treesOf(method, target, testCall),
      },
    );
  });
}
