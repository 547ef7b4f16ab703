import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RouteHandler } from '@stele/sdk';
import { testLog } from '../model/testing.ts';
import { createApp } from './app.ts';
import { pluginCalls } from './plugin-calls.ts';

describe('routes of plugins', () => {
  let server: Server;
  let origin: string;
  let handler: RouteHandler;
  let over: AbortController;

  before(async () => {
    const viewer = { id: 'u', username: 'u', role: 'standard', groups: [] } as const;
    const room = pluginCalls(
      () => handler,
      async () => ({ viewer }),
      () => ({ viewer: () => viewer, signal: over.signal }),
      testLog,
    );
    const app = createApp(() => ({ origin, hosts: [new URL(origin).host] }), testLog, [room]);
    server = createServer(app.callback()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  beforeEach(() => void (over = new AbortController()));

  const ask = (): Promise<Response> => fetch(`${origin}/api/v1/plugins/mine/thing`);

  for (const status of [200, 204, 404, 409, 503]) {
    it(`pass on ${status} without a body`, async () => {
      handler = async () => new Response(null, { status });
      const answer = await ask();
      assert.deepEqual([answer.status, await answer.text()], [status, '']);
    });
  }

  it('end with the right to ask, however much there is to say', async () => {
    let asked: AbortSignal | undefined;
    handler = async ({ signal }) => {
      asked = signal;
      return new Response(new ReadableStream({ start: (stream) => stream.enqueue(Buffer.from('first')) }));
    };
    const reader = (await ask()).body?.getReader();
    assert.equal(Buffer.from((await reader?.read())?.value ?? []).toString(), 'first');
    over.abort();
    await assert.rejects(reader?.read() ?? Promise.resolve());
    assert.equal(asked?.aborted, true);
  });

  it('harm nobody else when the right to ask has gone before the answer', async () => {
    handler = async () => {
      over.abort();
      return new Response('late');
    };
    await Promise.allSettled([ask()]);
    handler = async () => new Response('next');
    over = new AbortController();
    assert.equal(await (await ask()).text(), 'next');
  });

  it('pass on status, type and body', async () => {
    handler = async () => Response.json({ is: 'wrong' }, { status: 422 });
    const answer = await ask();
    assert.deepEqual([answer.status, await answer.json()], [422, { is: 'wrong' }]);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  });
});
