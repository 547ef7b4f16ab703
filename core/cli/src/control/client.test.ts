import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { hasCode } from '@stele/sdk';
import { ControlClient } from './client.ts';

describe('ControlClient', () => {
  let dataDir: string;
  let owned: AsyncDisposableStack;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'stele-control-'));
    owned = new AsyncDisposableStack();
    owned.defer(() => rmSync(dataDir, { recursive: true }));
  });
  afterEach(() => owned.disposeAsync());

  const note = (): void => {
    writeFileSync(join(dataDir, 'control.json'), JSON.stringify({ socket: join(dataDir, 'control.sock'), pid: 7 }));
  };

  async function listen(answer: RequestListener): Promise<void> {
    const server = owned.use(createServer(answer)).listen(join(dataDir, 'control.sock'));
    await once(server, 'listening');
    note();
  }

  it('finds nobody where nothing was written down', async () => {
    assert.equal(await ControlClient.find(dataDir), undefined);
    assert.equal(await ControlClient.find(join(dataDir, 'none')), undefined);
  });

  it('finds nobody where one was killed', async () => {
    note();
    assert.equal(await ControlClient.find(dataDir), undefined);
  });

  it('finds nobody where the note is half written', async () => {
    writeFileSync(join(dataDir, 'control.json'), '{"sock');
    assert.equal(await ControlClient.find(dataDir), undefined);
  });

  it('asks with a body, and gives the answer', async () => {
    await listen((req, res) => {
      if (req.method === 'GET') return res.end('{}');
      return void json(req).then((body) => res.end(JSON.stringify({ got: body, at: req.url })));
    });
    const client = await ControlClient.find(dataDir);
    assert.equal(client?.pid, 7);
    assert.deepEqual(await client.ask('POST', '/x', { a: 1 }), { got: { a: 1 }, at: '/x' });
  });

  it('passes on the words of a refusal', async () => {
    await listen((req, res) =>
      res.writeHead(req.method === 'GET' ? 200 : 400).end('{"code":"NOT_FOUND","detail":"No plugin x."}'),
    );
    const client = await ControlClient.find(dataDir);
    await assert.rejects(client!.ask('POST', '/x'), /No plugin x\./);
  });

  it('says when it is no Stele that answers', async () => {
    await listen((_, res) => res.end('hello'));
    await assert.rejects(ControlClient.find(dataDir), (error) => hasCode(error, 'PROTOCOL'));
  });
});
