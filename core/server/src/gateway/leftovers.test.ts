import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { Stage, until } from './testing/stage.ts';

/** Sockets and listeners of this process. */
function handles(): string[] {
  return process.getActiveResourcesInfo().filter((kind) => kind.startsWith('TCP'));
}

describe('closing the gateway', () => {
  for (const mode of ['subdomain', 'port'] as const) {
    it(`leaves nothing open in ${mode} mode`, async () => {
      const before = handles().length;
      {
        const ports = { from: 42_620, to: 42_629 };
        const port = {
          kind: 'port',
          host: 'tasks.test',
          platformHost: 'x',
          scheme: 'http',
          ports,
          bind: '127.0.0.1',
        } as const;
        await using stage = await Stage.open(mode === 'port' ? { mode: port } : {});
        const server = createServer((req, res) => (req.url === '/' ? res.end('x') : void res.write('x')));
        new WebSocketServer({ server }).on('connection', (socket) => socket.on('error', () => undefined));
        const task = await stage.task(server);
        const cookie = await stage.enter(task);
        if (mode === 'subdomain') {
          await stage.ask(task, '/', { cookie });
          const stream = await stage.open(task, '/stream', { cookie });
          stream.on('error', () => undefined).resume();
          await once(stage.webSocket(task, '/', cookie), 'open');
        }
        await stage.gateway[Symbol.asyncDispose]();
        await until(() => stage.backend().sockets.size === 0, 'no connection to the task is left');
        assert.deepEqual([stage.tasks.listenerCount, stage.guard.listenerCount], [0, 0]);
      }
      await until(() => handles().length <= before, `back to ${before} handles`);
    });
  }
});
