import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import type { Logger } from '@stele/sdk';
import { createApp } from './app.ts';

describe('an answer that is cut', () => {
  let server: Server;
  let origin: string;
  let lines: [level: string, message: string, fields: Readonly<Record<string, unknown>>][];
  let body: () => Readable;

  before(async () => {
    const at =
      (level: string): Logger['warn'] =>
      (message, fields = {}) =>
        void lines.push([level, message, fields]);
    const log: Logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
    const site = () => ({ origin, hosts: [new URL(origin).host] });
    const app = createApp(site, log, [async (ctx) => void (ctx.body = body())]);
    server = createServer(app.callback()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => (lines = []));
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const told = async (): Promise<(typeof lines)[number]> => {
    while (lines.length === 0) await new Promise(setImmediate);
    assert.equal(lines.length, 1);
    return lines[0]!;
  };

  it('is a warning with its cause, and doesn’t look whole', async () => {
    body = () =>
      Readable.from(
        (async function* () {
          yield 'half';
          throw new Error('the disk is gone');
        })(),
      );
    await assert.rejects(fetch(`${origin}/file`).then((answer) => answer.text()));
    const [level, message, { path, error }] = await told();
    assert.deepEqual([level, message, path], ['warn', 'an answer broke off', '/file']);
    assert.match(String(error), /the disk is gone/);
  });

  it('is no news where its reader has left', async () => {
    const half = new Readable({ read: () => undefined });
    half.push('half');
    body = () => half;
    const leaving = new AbortController();
    const answer = await fetch(origin, { signal: leaving.signal });
    await answer.body?.getReader().read();
    leaving.abort();
    const [level] = await told();
    assert.equal(level, 'debug');
  });
});
