import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { giveBack, worthLending } from '@stele/sdk';
import ssh2, { type CipherAlgorithm, type ClientChannel, type Connection, type ServerChannel } from 'ssh2';
import { copyArrivals } from './arrivals.ts';
import { Carrier } from './carrier.ts';

/** Sizes of what arrives at a time: packets are torn everywhere, in their lengths and seals, too. */
const sizes = [131_072, 7, 32_900, 1, 1, 16, 15, 17, 4_096, 3, 65_536, 100_000, 2, 50];
const sizeOf = (text: Buffer): string => `${text.length} bytes, ${createHash('sha256').update(text).digest('hex')}`;

describe('what arrives by ssh2 (if this fails with a new version of it, see arrivals.ts)', function () {
  this.timeout(60_000);
  const contents = [randomBytes(5 * 1024 * 1024 + 1), randomBytes(5 * 1024 * 1024 + 2)] as const;

  /** Sends to each channel what its command names, on both outputs, with new keys in between. */
  function serve(peer: Connection): void {
    peer.on('error', () => peer.end());
    peer.on('authentication', (context) => context.accept());
    peer.on('session', (accept) => {
      accept().on('exec', (begin, _refuse, { command }) => {
        void send(peer, begin() as ServerChannel, contents[Number(command)] as Buffer);
      });
    });
  }

  async function send(peer: Connection, channel: ServerChannel, content: Buffer): Promise<void> {
    const half = content.length / 2;
    channel.stderr.write(content.subarray(0, 100));
    for (let at = 0; at < content.length; at += 100_000) {
      if (at <= half && at + 100_000 > half) peer.rekey();
      if (!channel.write(content.subarray(at, at + 100_000))) await once(channel, 'drain');
    }
    channel.end();
  }

  /** A connection whose bytes come in torn pieces, each in memory that is spoiled as soon as it was looked at. */
  function torn(port: number): Carrier {
    const carrier = Carrier.to('127.0.0.1', port);
    const emit = carrier.emit.bind(carrier) as (...values: unknown[]) => boolean;
    const place = Buffer.alloc(131_072);
    let turn = 0;
    carrier.emit = (name: string | symbol, ...values: unknown[]) => {
      if (name !== 'data') return emit(name, ...values);
      for (let left = values[0] as Buffer; left.length > 0; turn += 1) {
        const piece = place.subarray(0, Math.min(left.length, sizes[turn % sizes.length] as number));
        piece.set(left.subarray(0, piece.length));
        left = left.subarray(piece.length);
        emit('data', piece);
        place.fill('spoiled');
      }
      return true;
    };
    return carrier;
  }

  /** Takes what comes on a channel, holds each chunk for a moment, and spoils it as it goes back. */
  async function receive(client: ssh2.Client, command: string, memory: Set<ArrayBufferLike>): Promise<string[]> {
    const channel: ClientChannel = await promisify((done: (e: Error | undefined, c: ClientChannel) => void) =>
      client.exec(command, done),
    )();
    const [out, errors]: [Buffer[], Buffer[]] = [[], []];
    channel.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    channel.on('data', (chunk: Buffer) => {
      if (chunk.length >= worthLending) memory.add(chunk.buffer);
      process.nextTick(() => {
        out.push(Buffer.from(chunk));
        chunk.fill('given back');
        giveBack(chunk);
      });
    });
    await Promise.all([once(channel, 'end'), once(channel.stderr, 'end')]);
    // What came last is held for a moment, too.
    await new Promise((resolve) => setImmediate(resolve));
    return [sizeOf(Buffer.concat(out)), sizeOf(Buffer.concat(errors))];
  }

  for (const cipher of ['aes128-gcm@openssh.com', 'chacha20-poly1305@openssh.com', 'aes128-ctr'] as const) {
    it(`is as it was sent with ${cipher}, in memory that is used again`, async () => {
      const memory = await arrive(cipher);
      assert(memory < 20, `${memory} pieces of memory for 10 MiB`);
    });
  }

  async function arrive(cipher: CipherAlgorithm): Promise<number> {
    const { private: key } = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
    const server = new ssh2.Server({ hostKeys: [key] }, serve).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = new ssh2.Client();
    let exchanges = 0;
    client.on('handshake', () => (exchanges += 1));
    const sock = torn((server.address() as AddressInfo).port);
    client.connect({ sock, username: 'u', algorithms: { cipher: [cipher] } });
    copyArrivals(client);
    await once(client, 'ready');
    const memory = new Set<ArrayBufferLike>();
    const seen = await Promise.all(contents.map((_, index) => receive(client, String(index), memory)));
    client.end();
    await once(client, 'close');
    server.close();
    assert.deepEqual(
      seen,
      contents.map((content) => [sizeOf(content), sizeOf(content.subarray(0, 100))]),
    );
    assert(exchanges > 1, 'new keys in between');
    return memory.size;
  }
});
