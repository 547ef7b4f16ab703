import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { checkPort } from './port.ts';

describe('checkPort', () => {
  it('takes a free port, and gives it back', async () => {
    await checkPort(0, '127.0.0.1');
    await using server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await assert.rejects(checkPort(port, '127.0.0.1'), new RegExp(`Port ${port} of 127.0.0.1 is taken.*--port 0`));
    await server[Symbol.asyncDispose]();
    await checkPort(port, '127.0.0.1');
  });

  it('says that an address is none of this machine’s', async () => {
    await assert.rejects(checkPort(0, '192.0.2.1'), /site\.listen/);
  });
});
