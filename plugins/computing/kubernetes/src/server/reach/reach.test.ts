import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { SteleError } from '@stele/sdk';
import { inTime, rejectsWith } from '@stele/sdk/testing';
import { type WebSocket, WebSocketServer } from 'ws';
import { ClusterApi } from '../api/cluster-api.ts';
import type { Way } from '../api/way.ts';
import { ForwardingDialer } from './forwarding-dialer.ts';
import { protocol } from './web-socket/frames.ts';

const pod = { namespace: 'stele', name: 'stele-abcdefghij012345' };
const signal = (): AbortSignal => inTime(5_000);

/** A node's side of port-forwards. */
class Node implements AsyncDisposable {
  /** What it does with a connection once it has greeted. */
  serve: (socket: WebSocket) => void = () => undefined;
  /** Its answer to those whom it doesn't let in. */
  refusal: number | undefined;
  readonly asked: string[] = [];
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: () => protocol,
    perMessageDeflate: false,
  });

  static async open(): Promise<Node> {
    const node = new Node(createServer());
    node.#http.listen(0, '127.0.0.1');
    await once(node.#http, 'listening');
    return node;
  }

  private constructor(http: Server) {
    this.#http = http;
    http.on('upgrade', (request, stream, head) => {
      this.asked.push(request.url ?? '');
      if (this.refusal !== undefined) {
        const body = JSON.stringify({ kind: 'Status', message: 'no' });
        stream.end(`HTTP/1.1 ${this.refusal} No\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`);
        return;
      }
      this.#sockets.handleUpgrade(request, stream, head, (socket) => {
        // The number of the port, low byte first, on each channel.
        socket.send(Buffer.from([0, 0x90, 0x1f]));
        socket.send(Buffer.from([1, 0x90, 0x1f]));
        this.serve(socket);
      });
    });
  }

  get dialer(): ForwardingDialer {
    const { port } = this.#http.address() as AddressInfo;
    const way: Way = {
      ...{ name: 'here', host: '127.0.0.1', base: '/base' },
      connect: async () => connect(port, '127.0.0.1'),
      proof: async () => ({ authorization: 'Bearer t' }),
      renew: async () => false,
      explain: (cause) => new SteleError('UNREACHABLE', 'broke', { cause }),
    };
    return new ForwardingDialer(async () => new ClusterApi(way), pod);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.close();
    await once(this.#http, 'close');
  }
}

const data = (text: string | Buffer): Buffer => Buffer.concat([Buffer.from([0]), Buffer.from(text)]);
const dial = (node: Node): Promise<Duplex> => node.dialer.dial({ host: 'x', port: 8080 }, signal());

describe('a connection to a pod by its cluster’s API', () => {
  let node: Node;
  before(async () => {
    node = await Node.open();
  });
  after(() => node[Symbol.asyncDispose]());

  it('asks for the port, at the place of the API', async () => {
    node.serve = (socket) => socket.close();
    await Array.fromAsync(await dial(node).catch(() => [] as unknown[]));
    assert.equal(node.asked.at(-1), `/base/api/v1/namespaces/stele/pods/${pod.name}/portforward?ports=8080`);
  });

  it('brings what the pod says, without the numbers of channels and ports, and its end', async () => {
    node.serve = (socket) => {
      socket.send(data('hel'));
      socket.send(data('lo'));
      socket.close();
    };
    const stream = await dial(node);
    assert.equal(Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>)).toString(), 'hello');
  });

  it('takes what is written, and hears the answer after our own end', async () => {
    node.serve = (socket) => {
      socket.send(data('up '));
      socket.on('message', (message: Buffer) => {
        assert.equal(message[0], 0);
        setTimeout(() => {
          socket.send(data(`got ${message.subarray(1).toString()}`));
          socket.close();
        }, 20);
      });
    };
    const stream = await dial(node);
    stream.end('it');
    assert.equal(Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>)).toString(), 'up got it');
  });

  it('is none where nothing listens', async () => {
    node.serve = (socket) => {
      socket.send(Buffer.concat([Buffer.from([1]), Buffer.from('error forwarding port: connect: connection refused')]));
      socket.close();
    };
    const error = await rejectsWith('UNREACHABLE', dial(node));
    assert.equal(error.message, 'Nothing listens at the task’s port.');
  });

  it('is none where the node says nothing and closes', async () => {
    node.serve = (socket) => socket.close();
    await rejectsWith('UNREACHABLE', dial(node));
  });

  it('breaks with what the node says later', async () => {
    node.serve = (socket) => {
      socket.send(data('x'));
      socket.send(Buffer.concat([Buffer.from([1]), Buffer.from('lost connection to pod')]));
    };
    const stream = await dial(node);
    await rejectsWith('UNREACHABLE', Array.fromAsync(stream as AsyncIterable<Buffer>));
  });

  it('is not waited for where something has answered before', async () => {
    node.serve = (socket) => socket.send(data('x'));
    const { dialer } = node;
    const first = await dialer.dial({ host: 'x', port: 8080 }, signal());
    await once(first, 'readable');
    first.destroy();
    node.serve = () => undefined;
    const from = performance.now();
    (await dialer.dial({ host: 'x', port: 8080 }, signal())).destroy();
    assert(performance.now() - from < 200);
  });

  for (const [status, code] of [
    [401, 'DENIED'],
    [403, 'DENIED'],
    [404, 'NOT_FOUND'],
    [502, 'UNREACHABLE'],
  ] as const) {
    it(`is refused with ${status}`, async () => {
      node.refusal = status;
      await rejectsWith(code, dial(node));
      node.refusal = undefined;
    });
  }

  it('is given up with its caller', async () => {
    await rejectsWith('UNREACHABLE', node.dialer.dial({ host: 'x', port: 8080 }, AbortSignal.abort()));
  });
});
