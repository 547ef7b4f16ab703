/**
 * ssh2 (1.17.0) takes new memory for each packet that it sends, and random bytes for its padding; collecting that memory takes up to half of
 * the CPU time of an upload. Here the memory of full packets, which uploads are made of, is used again as soon as the socket has
 * taken what was in it. That is sound because ssh2 encrypts a packet in its place and writes the very object that it got; where it
 * writes others, as it does for ciphers that can't do that, nothing is used again. The version is pinned, and the test beside this says when it no longer holds.
 */
import type { Client } from 'ssh2';
import type { Carrier } from './carrier.ts';

/** Bytes of a message that fills a packet of OpenSSH's (32 KiB): type, channel, length, data. */
const full = 9 + 32 * 1024;
/** Length and padding's length: what encryption destroys and the data doesn't replace. */
const headLength = 5;
/** As many as OpenSSH's window holds. */
const most = 64;
/** ms until the memory is given up after the last packet. */
const keeping = 5_000;

/** What is used of ssh2's protocol object. */
interface Insides {
  readonly _cipher: { allocPacket(length: number): Buffer };
}

/** From now on `carrier`, which carries `client`, gives the memory of packets back. */
export function reusePackets(client: Client, carrier: Carrier): void {
  // Each exchange of keys makes another cipher.
  client.on('handshake', () => {
    const { _cipher: cipher } = (client as unknown as { readonly _protocol: Insides })._protocol;
    const packets = new Packets(cipher.allocPacket.bind(cipher));
    cipher.allocPacket = (length) => packets.take(length);
    carrier.lender = packets;
  });
}

/** Packets of one cipher. */
export class Packets {
  readonly #make: (length: number) => Buffer;
  readonly #own = new WeakSet<object>();
  readonly #free: Buffer[] = [];
  #head = Buffer.alloc(0);
  #resting: NodeJS.Timeout | undefined;

  /** @param make makes one for a message of so many bytes */
  constructor(make: (length: number) => Buffer) {
    this.#make = make;
  }

  /** A packet for a message of so many bytes. Its padding may be what an earlier packet's was encrypted to. */
  take(length: number): Buffer {
    const packet = length === full ? this.#free.pop() : undefined;
    if (packet === undefined) return length === full ? this.#first(length) : this.#make(length);
    packet.set(this.#head);
    return packet;
  }

  /** Whether the memory of something that is written is to be given back. */
  owns(packet: object): packet is Buffer {
    return this.#own.has(packet);
  }

  /** Nobody looks at it any more. */
  giveBack(packet: Buffer): void {
    if (this.#free.length < most) this.#free.push(packet);
    this.#resting ??= setTimeout(() => this.#rest(), keeping).unref();
    this.#resting.refresh();
  }

  #first(length: number): Buffer {
    const packet = this.#make(length);
    this.#head = Buffer.from(packet.subarray(0, headLength));
    this.#own.add(packet);
    return packet;
  }

  #rest(): void {
    this.#free.length = 0;
    this.#resting = undefined;
  }
}
