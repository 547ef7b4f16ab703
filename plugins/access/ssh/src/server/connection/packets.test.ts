import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { skip } from '@stele/sdk/testing';
import ssh2, { type CipherAlgorithm, type ClientChannel, type Connection, type ServerChannel } from 'ssh2';
import { copyArrivals } from './arrivals.ts';
import { Carrier } from './carrier.ts';
import { hasNativeAddon } from './native-addon.ts';
import { Packets, reusePackets } from './packets.ts';

const full = 9 + 32 * 1024;

describe('memory of packets', () => {
  /** Makes packets whose head can be told. */
  function packets(): Packets {
    return new Packets((length) => Buffer.concat([Buffer.from('head!'), Buffer.alloc(length + 20)]));
  }

  it('is used again, with a head as new, once it was given back', () => {
    const all = packets();
    const [one, two] = [all.take(full), all.take(full)];
    assert.notEqual(one, two);
    one.fill('encrypted');
    all.giveBack(one);
    assert.equal(all.take(full), one);
    assert.equal(one.toString('latin1', 0, 5), 'head!');
    assert.notEqual(all.take(full), one);
  });

  it('is the collector’s matter for packets that aren’t full', () => {
    const all = packets();
    assert(all.owns(all.take(full)));
    assert(!all.owns(all.take(full - 1)));
    assert(!all.owns(packets().take(full)));
  });
});

describe('packets of ssh2 (if this fails with a new version of it, see packets.ts)', function () {
  this.timeout(60_000);
  const content = randomBytes(16 * 1024 * 1024);
  const all = content.length / (32 * 1024);

  interface Seen {
    readonly hash: string;
    /** Full packets, and the pieces of memory that they were in. */
    readonly packets: number;
    readonly memory: number;
  }

  /** Uploads to ssh2's own server, with new keys in between. */
  async function upload(cipher: CipherAlgorithm): Promise<Seen> {
    const { private: key } = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
    const hash = createHash('sha256');
    const server = new ssh2.Server({ hostKeys: [key] }, (peer) => {
      peer.on('error', () => peer.end());
      peer.on('authentication', (context) => context.accept());
      peer.on('session', (accept) => {
        accept().on('exec', (begin) => receive(peer, begin() as ServerChannel));
      });
    }).listen(0, '127.0.0.1');
    let left = content.length;
    const receive = (peer: Connection, channel: ServerChannel) => {
      channel.on('data', (chunk: Buffer) => {
        hash.update(chunk);
        if (left > content.length / 2 && left - chunk.length <= content.length / 2) peer.rekey();
        left -= chunk.length;
      });
      channel.on('end', () => channel.end(hash.digest('hex')));
    };
    await once(server, 'listening');
    const carrier = Carrier.to('127.0.0.1', (server.address() as AddressInfo).port);
    const client = new ssh2.Client();
    client.connect({ sock: carrier, username: 'u', algorithms: { cipher: [cipher] } });
    copyArrivals(client);
    reusePackets(client, carrier);
    let exchanges = 0;
    client.on('handshake', () => (exchanges += 1));
    await once(client, 'ready');
    const watched = watch(carrier);
    const channel: ClientChannel = await promisify((done: (e: Error | undefined, c: ClientChannel) => void) =>
      client.exec('take', done),
    )();
    for (let at = 0; at < content.length; at += 1024 * 1024) {
      if (!channel.write(content.subarray(at, at + 1024 * 1024))) await once(channel, 'drain');
    }
    channel.end();
    const said = String((await once(channel, 'data'))[0]);
    client.end();
    await once(client, 'close');
    server.close();
    assert.equal(exchanges, 2, 'new keys in between');
    return { hash: said, ...watched() };
  }

  function watch(carrier: Carrier): () => Omit<Seen, 'hash'> {
    let packets = 0;
    const memory = new Set<ArrayBufferLike>();
    const write = carrier.write.bind(carrier);
    carrier.write = (chunk: Uint8Array | string, ...rest: never[]) => {
      if (typeof chunk !== 'string' && chunk.length > 32 * 1024) {
        packets += 1;
        memory.add(chunk.buffer);
      }
      return write(chunk, ...rest);
    };
    return () => ({ packets, memory: memory.size });
  }

  const hash = createHash('sha256').update(content).digest('hex');
  for (const cipher of ['aes128-gcm@openssh.com', 'chacha20-poly1305@openssh.com'] as const) {
    it(`are written with ${cipher} from memory that is used again, and arrive as they are`, async function () {
      if (!hasNativeAddon()) return skip(this, 'ssh2’s native addon is missing');
      const seen = await upload(cipher);
      assert.equal(seen.hash, hash);
      assert(seen.packets > all * 0.9, `${seen.packets} full packets`);
      assert(seen.memory < seen.packets / 2, `${seen.memory} pieces of memory for ${seen.packets} packets`);
    });
  }

  it('arrive as they are with a cipher that hands on other objects', async () => {
    assert.equal((await upload('aes128-ctr')).hash, hash);
  });
});
