import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SteleError } from '@stele/sdk';
import { rejectsWith } from '@stele/sdk/testing';
import { Api } from './api.ts';
import { textOf } from './bodies.ts';
import type { Way } from './way.ts';

const never = new AbortController().signal;
const purpose = { doing: 'do it', limit: 10 };
const get = { method: 'GET', path: '/' } as const;

describe('an exchange with an engine', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
  let api: Api;
  const open = new Set<unknown>();

  before(async () => {
    server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const way: Way = {
      name: 'there',
      curl: { base: '', options: [] },
      connect: async () => {
        const socket = connect(port, '127.0.0.1');
        open.add(socket);
        socket.once('close', () => open.delete(socket));
        await once(socket, 'connect');
        return socket;
      },
      explain: (cause) => new SteleError('UNREACHABLE', 'It broke off.', { cause }),
    };
    api = new Api(way, 'Docker');
  });
  after(() => server.close());
  afterEach(async () => {
    for (let tries = 0; open.size > 0 && tries < 50; tries += 1) await sleep(10);
    assert.equal(open.size, 0, 'no stream is left open');
  });

  it('takes a body with it, and gives the answer', async () => {
    answer = async (request, response) => {
      response.end(`${request.method} ${request.url} ${await textOf(request)}`);
    };
    const request = { method: 'POST', path: '/a', query: { b: 'c' }, body: { d: 1 } } as const;
    assert.equal(await api.ask(request, purpose, never), 'POST /a?b=c {"d":1}');
  });

  it('is read no faster than it is taken', async () => {
    let sent = 0;
    const chunk = Buffer.alloc(64 * 1024);
    answer = (_, response) => {
      const push = (): void => {
        while (!response.destroyed) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', push);
        }
      };
      push();
    };
    const body = await api.send(get, never);
    await body[Symbol.asyncIterator]().next();
    await sleep(300);
    assert(sent < 32 * 1024 ** 2, `${sent} bytes were taken by nobody`);
    body.destroy();
  });

  it('that breaks off in the middle is no answer', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('half', () => response.destroy());
    };
    await rejectsWith('UNREACHABLE', api.ask(get, purpose, never));
  });

  it('that is slow ends in time: its head, and its body', async () => {
    const late = { doing: 'do it', limit: 0.1 };
    answer = () => undefined;
    const silent = await rejectsWith('UNREACHABLE', api.ask(get, late, never));
    assert.match(silent.message, /did not answer within 0\.1 s/);
    await rejectsWith('UNREACHABLE', api.open(get, late, never));
    answer = (_, response) => void response.write('{');
    await rejectsWith('UNREACHABLE', api.ask(get, late, never));
  });

  it('whose head came in time may last', async () => {
    answer = (_, response) => {
      response.write('a');
      setTimeout(() => response.end('b'), 300);
    };
    const body = await api.open(get, { doing: 'do it', limit: 0.1 }, never);
    assert.equal(await textOf(body), 'ab');
  });

  it('ends when the caller leaves', async () => {
    answer = (_, response) => void response.write('{');
    const leaving = new AbortController();
    const asked = rejectsWith('UNREACHABLE', api.ask(get, purpose, leaving.signal));
    setTimeout(() => leaving.abort(), 50);
    assert.match((await asked).message, /ended before/);
  });
});
