import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AccessMethodSubject, describeAccessMethod } from '@stele/sdk/testing';
import { openWorld } from '../testing/tree-world.ts';
import { LocalAccess } from './local-access.ts';

const folder = mkdtempSync(join(tmpdir(), 'stele-access-'));
const target = { resource: randomUUID(), auth: 'none', conf: {} } as const;

const listen: AccessMethodSubject['listen'] = async (kind) => {
  const server = createServer((socket) => socket.pipe(socket));
  const path = join(folder, `${randomUUID()}.sock`);
  server.listen(kind === 'socket' ? { path } : { host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const port = (server.address() as AddressInfo).port;
  return {
    address: kind === 'socket' ? { socket: path } : { host: '127.0.0.1', port },
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
};

describe('access to this machine', () => {
  after(() => rmSync(folder, { recursive: true }));

  it('says that the platform’s own files are here', () => assert.equal(new LocalAccess().isHere, true));

  describeAccessMethod(
    { describe, it, before, after },
    {
      method: new LocalAccess(),
      target,
      refused: [
        { what: 'credentials', target: { ...target, auth: 'user-keys' }, code: 'INVALID' },
        { what: 'settings', target: { ...target, conf: { host: 'elsewhere' } }, code: 'INVALID' },
      ],
      folder,
      listen,
      trees: { open: openWorld },
    },
  );
});
