import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as pass } from 'node:timers/promises';
import Koa from 'koa';
import { within } from './api.ts';

describe('bodies', () => {
  const app = new Koa().use(
    within(100, async (ctx, next) => {
      await ctx.req.toArray();
      await next();
    }),
  );
  app.silent = true;
  app.use(async (ctx) => {
    await pass(150);
    ctx.body = 'read';
  });

  const send = async (text: string): Promise<string> => {
    const server = createServer(app.callback()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\n${text}`);
    try {
      return Buffer.concat(await socket.toArray()).toString();
    } finally {
      server.close();
    }
  };

  it('that never come are not waited for', async () => assert.equal(await send('bod'), ''));

  it('that have come may be worked on for as long as it takes', async () => assert.match(await send('body'), /read$/));
});
