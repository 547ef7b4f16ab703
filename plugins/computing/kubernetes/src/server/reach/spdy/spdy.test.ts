import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { inflateRawSync, constants } from 'node:zlib';
import { hasCode, SteleError } from '@stele/sdk';
import { inTime, rejectsWith } from '@stele/sdk/testing';
import { ClusterApi } from '../../api/cluster-api.ts';
import type { Way } from '../../api/way.ts';
import { forward } from '../port-forward.ts';
import { dataFrames, dataStream, endFrame, errorStream, FrameReader, openStreams, ping, rstStream } from './frames.ts';

/** What a reader makes of bytes that come in pieces of a size. */
function readIn(size: number, bytes: Buffer): readonly string[] {
  const seen: string[] = [];
  const reader = new FrameReader({
    data: (stream, content, from, to) => seen.push(`${stream}: ${content.toString('utf8', from, to)}`),
    end: (stream) => seen.push(`${stream} ends`),
    control: (type, frame) => seen.push(`control ${type} of ${frame.length}`),
  });
  for (let at = 0; at < bytes.length; at += size) reader.feed(bytes.subarray(at, at + size));
  return seen;
}

const control = (type: number, body: readonly number[]): Buffer =>
  Buffer.from([0x80, 3, 0, type, 0, 0, 0, body.length, ...body]);
const data = (stream: number, text: string, flags = 0): Buffer =>
  Buffer.concat([Buffer.from([0, 0, 0, stream, flags, 0, 0, text.length]), Buffer.from(text)]);

describe('frames of SPDY', () => {
  const bytes = Buffer.concat([
    control(2, [0, 0, 0, 3, 9, 9]),
    data(3, 'hello'),
    data(1, ''),
    data(3, 'bye', 1),
    data(1, '', 1),
  ]);

  it('are read whole', () => {
    assert.deepEqual(readIn(bytes.length, bytes), ['control 2 of 14', '3: hello', '3: bye', '3 ends', '1 ends']);
  });

  it('are read however they are cut', () => {
    for (const size of [1, 2, 3, 5, 7, 11]) {
      const seen = readIn(size, bytes);
      const said = seen.filter((line) => line.startsWith('3: ')).map((line) => line.slice(3));
      assert.equal(said.join(''), 'hellobye');
      assert.deepEqual(
        seen.filter((line) => !line.startsWith('3: ')),
        ['control 2 of 14', '3 ends', '1 ends'],
      );
    }
  });

  it('that can’t be are refused', () => {
    assert.throws(
      () => readIn(8, Buffer.from([0x80, 3, 0, 2, 0, 0xff, 0xff, 0xff])),
      (error) => hasCode(error, 'PROTOCOL'),
    );
  });

  it('carry data in pieces, and its end', () => {
    const chunk = Buffer.alloc(600 * 1024, 7);
    const written = Buffer.concat([...dataFrames([chunk, Buffer.from('x')]), endFrame()]);
    let length = 0;
    const ends: number[] = [];
    new FrameReader({
      data: (_, _bytes, from, to) => void (length += to - from),
      end: (stream) => void ends.push(stream),
      control: () => assert.fail(),
    }).feed(written);
    assert.deepEqual([length, ends], [chunk.length + 1, [dataStream]]);
  });

  it('open two streams, whose headers are one compressed text', () => {
    const [first, second] = opened(openStreams(8080));
    assert.deepEqual([first?.stream, first?.flags, second?.stream, second?.flags], [errorStream, 1, dataStream, 0]);
    // The two bytes before it say how it is compressed. It is flushed, never ended.
    const text = Buffer.concat([first?.headers ?? Buffer.alloc(0), second?.headers ?? Buffer.alloc(0)]).subarray(2);
    const headers = inflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1');
    const words = headers
      .replaceAll(/\0\0\0./gs, '|')
      .split('|')
      .filter(Boolean);
    const about = ['port', '8080', 'requestid', '0'];
    assert.deepEqual(words, ['streamtype', 'error', ...about, 'streamtype', 'data', ...about]);
  });
});

function opened(bytes: Buffer): { readonly stream: number; readonly flags: number; readonly headers: Buffer }[] {
  if (bytes.length === 0) return [];
  const length = bytes.readUIntBE(5, 3);
  const frame = { stream: bytes.readUInt32BE(8), flags: bytes[4] ?? -1, headers: bytes.subarray(18, 8 + length) };
  return [frame, ...opened(bytes.subarray(8 + length))];
}

describe('a connection to a pod by SPDY', () => {
  let serve: (socket: Socket) => void = () => undefined;
  let asked: IncomingMessage | undefined;
  const server = createServer().on('upgrade', (request, socket) => {
    asked = request;
    const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: SPDY/3.1', '', ''];
    socket.write(lines.join('\r\n'));
    serve(socket as Socket);
  });
  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => server.close());

  const dial = (isProven = false): Promise<Duplex> => {
    const { port } = server.address() as AddressInfo;
    const way: Way = {
      ...{ name: 'here', host: '127.0.0.1', base: '/base' },
      connect: async () => connect(port, '127.0.0.1'),
      proof: async () => ({ authorization: 'Bearer t' }),
      renew: async () => false,
      explain: (cause) => new SteleError('UNREACHABLE', 'broke', { cause }),
    };
    const target = { pod: { namespace: 'a', name: 'b' }, port: 8080, isProven, onHeard: () => undefined };
    return forward(new ClusterApi(way), target, inTime(5_000));
  };
  const all = async (stream: Duplex): Promise<string> =>
    Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>)).toString();

  it('proves who one is, brings what the pod says, and its end', async () => {
    serve = (socket) => socket.write(Buffer.concat([data(3, 'hel'), data(3, 'lo'), data(3, '', 1)]));
    assert.equal(await all(await dial()), 'hello');
    assert.deepEqual([asked?.method, asked?.url], ['POST', '/base/api/v1/namespaces/a/pods/b/portforward']);
    assert.deepEqual([asked?.headers.upgrade, asked?.headers.authorization], ['SPDY/3.1', 'Bearer t']);
  });

  it('takes what is written, and hears the answer after our own end', async () => {
    serve = (socket) => {
      socket.write(data(3, 'up '));
      let heard = '';
      const read = new FrameReader({
        data: (_, content, from, to) => void (heard += content.toString('utf8', from, to)),
        end: () => assert.fail('our end is kept to ourselves'),
        control: () => undefined,
      });
      socket.on('data', (chunk: Buffer) => {
        read.feed(chunk);
        if (heard === 'it')
          setTimeout(() => socket.write(Buffer.concat([data(3, `got ${heard}`), data(3, '', 1)])), 20);
      });
    };
    const stream = await dial();
    stream.end('it');
    assert.equal(await all(stream), 'up got it');
  });

  it('is none where nothing listens, though the data ends before the node says so', async () => {
    serve = (socket) => {
      socket.write(data(3, '', 1));
      setTimeout(() => socket.write(Buffer.concat([data(1, 'connect: connection refused'), data(1, '', 1)])), 20);
    };
    const error = await rejectsWith('UNREACHABLE', dial());
    assert.equal(error.message, 'Nothing listens at the task’s port.');
  });

  it('ends when the node resets its stream, or goes away', async () => {
    serve = (socket) => socket.write(Buffer.concat([data(3, 'x'), control(rstStream, [0, 0, 0, 3, 0, 0, 0, 5])]));
    assert.equal(await all(await dial()), 'x');
    serve = (socket) => socket.end(data(3, 'y'));
    assert.equal(await all(await dial()), 'y');
  });

  it('answers a question of the node’s for its life', async () => {
    const answered = Promise.withResolvers<void>();
    serve = (socket) => {
      socket.write(Buffer.concat([data(3, 'x'), control(ping, [0, 0, 0, 2])]));
      const read = new FrameReader({
        data: () => undefined,
        end: () => undefined,
        control: (type) => (type === ping ? answered.resolve() : undefined),
      });
      socket.on('data', (chunk: Buffer) => read.feed(chunk));
    };
    const stream = await dial();
    await answered.promise;
    stream.destroy();
  });

  it('breaks where the node says what is no SPDY', async () => {
    serve = (socket) => socket.write(Buffer.concat([data(3, 'x'), Buffer.from([0x80, 3, 0, 2, 0, 0xff, 0xff, 0xff])]));
    await rejectsWith('PROTOCOL', all(await dial()));
  });
});
